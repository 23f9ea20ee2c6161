// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agentgovernance.checkpoint.sqlite.SequentialAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** F7: between the last write to the log and each acknowledgement the log is synchronised. */
class FsyncTest {
  private static final int ACKS = 200;
  private static final long LIMIT_SECONDS = 120;
  private static final Pattern CALL =
      Pattern.compile("(\\d+) +(?:<\\.\\.\\. )?(\\w+)( resumed>|\\()(.*)");

  @TempDir Path folder;

  @BeforeAll
  static void needsStrace() {
    assumeTrue(
        straceWorks(),
        "no strace, or it may not trace here: nobody looks whether entries are synchronised. On Debian: apt-get install strace");
  }

  private static boolean straceWorks() {
    try {
      var process =
          new ProcessBuilder("strace", "-f", "-o", "/dev/null", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyAcknowledgementComesAfterTheLogWasSynchronised() throws Exception {
    var trace = trace(SequentialProducer.class, "ledger.db", "durable");

    assertThat(trace.acknowledged).isEqualTo(ACKS);
    assertThat(trace.unsynchronised).isEmpty();
    assertThat(trace.synchronisations).isGreaterThanOrEqualTo(ACKS);
  }

  /** Negative control: with {@code synchronous=NORMAL} the same look at the system finds it. */
  @Test
  void withProcessCrashOnlyTheyAreAcknowledgedBefore() throws Exception {
    var trace = trace(SequentialProducer.class, "ledger.db", "process-crash-only");

    assertThat(trace.acknowledged).isEqualTo(ACKS);
    assertThat(trace.unsynchronised).hasSizeGreaterThan(ACKS / 2);
  }

  @Test
  void soDoesTheCheckpointStoreAcknowledge() throws Exception {
    var trace = trace(SequentialAppender.class, "checkpoints.db", "durable");

    assertThat(trace.acknowledged).isEqualTo(ACKS);
    assertThat(trace.unsynchronised).isEmpty();
    assertThat(trace.synchronisations).isGreaterThanOrEqualTo(ACKS);
  }

  @Test
  void withProcessCrashOnlyTheCheckpointStoreAcknowledgesBefore() throws Exception {
    var trace = trace(SequentialAppender.class, "checkpoints.db", "process-crash-only");

    assertThat(trace.acknowledged).isEqualTo(ACKS);
    assertThat(trace.unsynchronised).hasSizeGreaterThan(ACKS / 2);
  }

  private Trace trace(Class<?> main, String database, String durability) throws Exception {
    Path file = folder.resolve("trace");
    var command = new ArrayList<>(List.of("strace", "-f", "-y", "-o", file.toString()));
    command.addAll(List.of("-e", "trace=fsync,fdatasync,pwrite64,write", "-s", "64"));
    command.addAll(ProducerProcess.java(main));
    command.addAll(List.of(folder.toString(), durability, String.valueOf(ACKS)));
    var process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("errors").toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("errors"))).isZero();
    var trace = new Trace(database + "-wal>");
    for (String line : Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1)) {
      trace.see(line);
    }
    return trace;
  }

  /** What the log went through, call by call. */
  private static final class Trace {
    private final String log;
    int acknowledged;
    int synchronisations;
    final List<String> unsynchronised = new ArrayList<>();
    private final HashSet<String> synchronising = new HashSet<>();
    private boolean written;
    private boolean safe;

    Trace(String log) {
      this.log = log;
    }

    void see(String line) {
      var call = CALL.matcher(line);
      if (!call.matches()) {
        return;
      }
      String thread = call.group(1);
      String name = call.group(2);
      boolean begins = call.group(3).equals("(");
      boolean ends = !line.endsWith("<unfinished ...>");
      boolean ofLog = begins ? line.contains(log) : synchronising.remove(thread);
      if (name.equals("fsync") || name.equals("fdatasync")) {
        if (ofLog && ends) {
          safe = true;
          synchronisations++;
        } else if (ofLog) {
          synchronising.add(thread);
        }
      } else if (begins && line.contains(log)) {
        written = true;
        safe = false;
      } else if (begins && name.equals("write") && line.contains("\"ack ")) {
        acknowledged++;
        if (!written || !safe) {
          unsynchronised.add(line);
        }
        written = false;
      }
    }
  }
}
