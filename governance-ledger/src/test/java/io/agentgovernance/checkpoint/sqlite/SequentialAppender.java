// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.core.RunId;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Another JVM that appends one delta after the other, and says so with one write each. */
public final class SequentialAppender {
  private SequentialAppender() {}

  /** What the other JVM runs. */
  public static void main(String[] args) throws Exception {
    var builder = Stores.builder(Path.of(args[0]));
    if (args[1].equals("process-crash-only")) {
      builder.processCrashOnly();
    }
    try (var store = builder.open();
        var out = new FileOutputStream(FileDescriptor.out)) {
      RunId run = Stores.started(store);
      for (int i = 1; i <= Integer.parseInt(args[2]); i++) {
        store.append(run, 1, Stores.elapsed(i, i + 1));
        out.write(("ack " + i + "\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
  }
}
