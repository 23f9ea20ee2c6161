// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/** The server's time moved by hand: its scripts add to the server's clock what a test wants. */
final class HeldClock implements Supplier<StoreScripts> {
  private static final String REAL = "return time[1] * 1000000 + time[2]";

  private Duration ahead = Duration.ZERO;
  private StoreScripts scripts = StoreScripts.STANDARD;

  /** Lets the server have a time now. */
  synchronized void set(Instant now) {
    ahead = Duration.between(Instant.now(), now);
    scripts = scripts();
  }

  /** Lets time pass on the server. */
  synchronized void pass(Duration by) {
    ahead = ahead.plus(by);
    scripts = scripts();
  }

  private StoreScripts scripts() {
    String prelude = Script.text("prelude");
    if (!prelude.contains(REAL)) {
      throw new IllegalStateException("prelude.lua tells the time in another way now");
    }
    long micros = ahead.toSeconds() * 1_000_000 + ahead.toNanosPart() / 1_000;
    return StoreScripts.with(prelude.replace(REAL, REAL + " + (" + micros + ")"));
  }

  @Override
  public synchronized StoreScripts get() {
    return scripts;
  }
}
