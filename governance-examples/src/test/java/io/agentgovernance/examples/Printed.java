// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

/** What a program prints. For one test at a time: there is one standard output. */
final class Printed {
  private Printed() {}

  /** A program. */
  @FunctionalInterface
  interface Program {
    void run(String[] args) throws Exception;
  }

  static String by(Program program) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(bytes, true, UTF_8)) {
      System.setOut(out);
      program.run(new String[0]);
    } finally {
      System.setOut(before);
    }
    return bytes.toString(UTF_8);
  }
}
