// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a disk needs to confirm a page, in a file that is written round and round as a write-ahead
 * log is.
 */
final class PageSync {

  private static final int SYNCS = 1_000;
  private static final int PAGES = 1_000;
  private static final int BYTES = 4_096;

  private PageSync() {}

  static Latencies measure(Path file) throws IOException {
    var latencies = new Latencies();
    var page = ByteBuffer.allocate(BYTES);
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (var i = 0; i < PAGES; i++) {
        channel.write(page.clear(), (long) i * BYTES);
      }
      channel.force(true);
      var begin = System.nanoTime();
      for (var i = 0; i < SYNCS; i++) {
        page.clear().putInt(0, i);
        var start = System.nanoTime();
        channel.write(page, (long) (i % PAGES) * BYTES);
        channel.force(false);
        latencies.add(System.nanoTime() - start);
      }
      return latencies.elapsed(System.nanoTime() - begin);
    }
  }
}
