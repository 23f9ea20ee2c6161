// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.ledger.LedgerReceipt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Another JVM that writes a ledger and says on its standard output what was acknowledged, until it
 * is killed.
 */
final class ProducerProcess implements AutoCloseable {
  private static final int ROUND = 30;
  static final int PRODUCERS = 16;

  private final Process process;
  private final BufferedReader output;

  private ProducerProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts one.
   *
   * @param prefix of the keys it writes
   * @param entries how many, or 0 for no end
   */
  static ProducerProcess start(Path folder, String prefix, int entries, int anchorEvery)
      throws IOException {
    var command = new ArrayList<>(java(ProducerProcess.class));
    command.addAll(
        List.of(folder.toString(), prefix, String.valueOf(entries), String.valueOf(anchorEvery)));
    return new ProducerProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Returns how to start a class of the tests in another JVM. */
  static List<String> java(Class<?> main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-Xshare:auto",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName());
  }

  /** Has one that has said "done" append an entry, and returns what the ledger answered. */
  @Nullable String append(String key) throws IOException {
    var input = process.getOutputStream();
    input.write((key + "\n").getBytes(StandardCharsets.UTF_8));
    input.flush();
    return line();
  }

  /** Returns what it says next, or null at its end. */
  @Nullable String line() throws IOException {
    return output.readLine();
  }

  long pid() {
    return process.pid();
  }

  /** {@code kill -9}. Returns what it had said and nobody had read. */
  List<String> kill() throws IOException, InterruptedException {
    // The process itself would close what it had said, too.
    assertThat(process.toHandle().destroyForcibly()).isTrue();
    var rest = new ArrayList<String>();
    for (String line = line(); line != null; line = line()) {
      rest.add(line);
    }
    process.waitFor();
    return rest;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** What the other JVM runs. */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    int entries = Integer.parseInt(args[2]);
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    var ledger =
        Ledgers.builder(folder)
            .anchorEvery(Integer.parseInt(args[3]))
            .anchorInterval(Duration.ofHours(1))
            .open();
    say(out, "open");
    if (entries > 0) {
      // In rounds, so that they are not all in one commit.
      for (int first = 1; first <= entries; first += ROUND) {
        Ledgers.append(ledger, first, Math.min(first + ROUND - 1, entries));
      }
      // The anchors are made by the writer, after the acknowledgement: one more round through it.
      Ledgers.append(ledger, entries, entries);
      say(out, "done");
      answer(ledger, out);
      return;
    }
    for (int i = 0; i < PRODUCERS; i++) {
      String prefix = args[1] + "/" + i + "/";
      new Thread(() -> produce(ledger, prefix, out)).start();
    }
  }

  private static void answer(SqliteLedger ledger, PrintStream out) throws IOException {
    var keys = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String key = keys.readLine(); key != null; key = keys.readLine()) {
      try {
        say(out, "ack " + ledger.append(Ledgers.note(key)).join().sequence());
      } catch (CompletionException e) {
        say(out, "refused " + e.getCause().getMessage());
      }
    }
  }

  private static void produce(SqliteLedger ledger, String prefix, PrintStream out) {
    for (int i = 0; ; i++) {
      String key = prefix + i;
      LedgerReceipt receipt = Ledgers.append(ledger, Ledgers.note(key));
      say(out, key + " " + receipt.sequence() + " " + receipt.hash().hex() + " .");
    }
  }

  private static synchronized void say(PrintStream out, String line) {
    out.println(line);
    out.flush();
  }
}
