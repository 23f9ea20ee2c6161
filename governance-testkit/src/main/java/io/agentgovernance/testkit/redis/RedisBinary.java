// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.redis;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds the server's program. */
final class RedisBinary {
  /** A system property that names the program, before all others. */
  static final String PROPERTY = "governance.redis.server";

  private static final String WRITE = "cat > \"$0\" && chmod +x \"$0\"";
  private static final long PATIENCE_SECONDS = 10;

  private RedisBinary() {}

  /** Returns the program; one from the class path is put into {@code folder}. */
  static Path find(Path folder) {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return Path.of(named);
    }
    Path installed = onPath();
    return installed != null ? installed : extracted(folder);
  }

  private static @Nullable Path onPath() {
    String path = System.getenv("PATH");
    for (String entry : path == null ? new String[0] : path.split(File.pathSeparator, -1)) {
      if (!entry.isEmpty()) {
        Path candidate = Path.of(entry, "redis-server");
        if (Files.isExecutable(candidate)) {
          return candidate;
        }
      }
    }
    return null;
  }

  private static Path extracted(Path folder) {
    for (String name : embedded()) {
      try (InputStream in = RedisBinary.class.getResourceAsStream("/" + name)) {
        if (in != null) {
          Path program = folder.resolve("redis-server");
          if (!Files.exists(program)) {
            write(in, program);
          }
          return program;
        }
      } catch (IOException e) {
        throw new UncheckedIOException("redis-server cannot be put into " + folder, e);
      }
    }
    throw new IllegalStateException(
        "No redis-server on the PATH, and none on the class path for this system. Install one, name it with -D"
            + PROPERTY
            + ", or add com.github.codemonstur:embedded-redis in test scope.");
  }

  /**
   * Has another process write the program. If this one did, a process that another thread starts
   * meanwhile would have the file open for a moment, and what is open for writing cannot be run.
   */
  private static void write(InputStream in, Path program) throws IOException {
    Process writer = new ProcessBuilder("/bin/sh", "-c", WRITE, program.toString()).start();
    try (OutputStream out = writer.getOutputStream()) {
      in.transferTo(out);
    }
    try {
      if (!writer.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || writer.exitValue() != 0) {
        throw new IOException(program + " cannot be written, or not be made executable");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + program + " was written", e);
    } finally {
      writer.destroyForcibly();
    }
  }

  /** The names that embedded-redis 1.4 gives them. */
  private static List<String> embedded() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch", "");
    boolean arm = machine.equals("aarch64") || machine.equals("arm64");
    if (system.contains("linux")) {
      return List.of(arm ? "redis-server-6.2.7-linux-arm64" : "redis-server-6.2.6-v5-linux-amd64");
    }
    if (system.contains("mac")) {
      return List.of(
          arm ? "redis-server-6.2.6-v5-darwin-arm64" : "redis-server-6.2.6-v5-darwin-amd64");
    }
    return List.of();
  }
}
