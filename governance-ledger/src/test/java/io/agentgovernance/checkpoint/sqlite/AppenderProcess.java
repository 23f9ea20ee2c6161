// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.RunId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Another JVM at whose runs many threads are at work, and which says on its standard output what
 * was acknowledged, until it is killed.
 */
final class AppenderProcess implements AutoCloseable {
  static final int RUNS = 16;

  /** How many deltas each append has; which ones follows from its number. */
  static final int BATCH = 3;

  private final Process process;
  private final BufferedReader output;

  private AppenderProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts one.
   *
   * @param prefix of the ids of its runs
   * @param appends how many for each run, or 0 for no end
   */
  static AppenderProcess start(Path folder, String prefix, int appends) throws IOException {
    return new AppenderProcess(
        new ProcessBuilder(
                Stores.java(
                    AppenderProcess.class, folder.toString(), prefix, String.valueOf(appends)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
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
    var out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    var store = SqliteCheckpointStore.open(Stores.file(Path.of(args[0])));
    say(out, "open");
    int appends = Integer.parseInt(args[2]);
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < RUNS; i++) {
      RunId run = RunId.of(args[1] + "-" + i);
      threads.add(new Thread(() -> append(store, run, appends, out)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    say(out, "done");
    Thread.currentThread().join();
  }

  private static void append(SqliteCheckpointStore store, RunId run, int appends, PrintStream out) {
    long epoch = store.claim(run, 0).orElseThrow();
    for (int i = 0; i < appends || appends == 0; i++) {
      store.append(run, epoch, Stores.elapsed(i * BATCH, (i + 1) * BATCH));
      say(out, run + " " + i + " .");
    }
  }

  private static synchronized void say(PrintStream out, String line) {
    out.println(line);
    out.flush();
  }
}
