// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Another JVM that appends one entry after the other, and says so with one write each. */
final class SequentialProducer {
  private SequentialProducer() {}

  /** What the other JVM runs. */
  public static void main(String[] args) throws Exception {
    var builder = Ledgers.builder(Path.of(args[0])).anchorInterval(Duration.ofHours(1));
    if (args[1].equals("process-crash-only")) {
      builder.processCrashOnly();
    }
    try (var ledger = builder.open();
        var out = new FileOutputStream(FileDescriptor.out)) {
      for (int i = 1; i <= Integer.parseInt(args[2]); i++) {
        long sequence = Ledgers.append(ledger, Ledgers.note("k" + i)).sequence();
        out.write(("ack " + sequence + "\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
  }
}
