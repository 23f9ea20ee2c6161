// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.ledger.sqlite.LedgerProgress;
import java.io.PrintStream;
import java.util.Locale;

/** One line on stderr that says how far long work is; nothing if stderr is no terminal. */
final class ProgressLine implements LedgerProgress, AutoCloseable {
  static final long EVERY_MILLIS = 100;

  private static final String CLEAR_LINE = "\r\u001b[2K";
  private static final int PERCENT = 100;

  private final PrintStream err;
  private final String what;
  private final Terminal terminal;
  private final long everyNanos;
  private final long began = System.nanoTime();
  private long shownAt = began;
  private boolean shown;

  ProgressLine(PrintStream err, String what, Terminal terminal, long everyMillis) {
    this.err = err;
    this.what = what;
    this.terminal = terminal;
    this.everyNanos = everyMillis * 1_000_000;
  }

  @Override
  public void at(long done, long total) {
    long now = System.nanoTime();
    // What is done at once needs no line.
    if (terminal.err() != Terminal.Kind.TERMINAL || now - shownAt < everyNanos) {
      return;
    }
    shownAt = now;
    shown = true;
    long percent = total == 0 ? PERCENT : done * PERCENT / total;
    String text =
        String.format(
            Locale.ROOT,
            "%s  %s of %s entries, %d %%, %.1f s",
            what,
            Plain.count(done),
            Plain.count(total),
            percent,
            (now - began) / 1e9);
    err.print(
        CLEAR_LINE
            + terminal.paintErr().on(Paint.Hue.DIM, Plain.cut(text, terminal.columns() - 1)));
    err.flush();
  }

  /** Takes the line away. */
  @Override
  public void close() {
    if (shown) {
      err.print(CLEAR_LINE);
      err.flush();
      shown = false;
    }
  }
}
