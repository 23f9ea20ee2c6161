// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM that opens a ledger and says each step of bringing it up to date before it. */
final class MigratingProcess {
  private MigratingProcess() {}

  /**
   * Starts one, and kills it when it has said so many steps and a little of the next has passed.
   *
   * @return what it said; the last is "open" if it was done before
   */
  static List<String> killed(Path folder, int steps, long microsLater)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(ProducerProcess.java(MigratingProcess.class));
    command.add(folder.toString());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var said = new ArrayList<String>();
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        said.add(line);
        if (said.size() == steps) {
          long until = System.nanoTime() + microsLater * 1_000;
          while (System.nanoTime() < until) {
            Thread.onSpinWait();
          }
          process.toHandle().destroyForcibly();
        }
      }
    } finally {
      process.destroyForcibly().waitFor();
    }
    return said;
  }

  /** What the other JVM runs. */
  public static void main(String[] args) {
    var probe =
        new Probe() {
          @Override
          public void step(String name) {
            System.out.println(name);
            System.out.flush();
          }
        };
    var ledger = Ledgers.builder(Path.of(args[0])).probe(probe).open();
    System.out.println("open");
    System.out.flush();
    ledger.close();
  }
}
