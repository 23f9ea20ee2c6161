// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.redis;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds the server's program. */
final class RedisBinary {
  /** A system property that names the program, before all others. */
  static final String PROPERTY = "governance.redis.server";

  /** Its last step is one that is done or not, so that no half of a program is taken for one. */
  private static final String MAKE =
      "cp \"$0.part\" \"$0.new\" && chmod +x \"$0.new\" && mv \"$0.new\" \"$0\" && rm \"$0.part\"";

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
   * Has another process make the file that is run. If this one had it open for writing, a process
   * that another thread starts meanwhile would have it open too for a moment, and such a file
   * cannot be run.
   */
  private static void write(InputStream in, Path program) throws IOException {
    Path copied = program.resolveSibling(program.getFileName() + ".part");
    Files.copy(in, copied, StandardCopyOption.REPLACE_EXISTING);
    Process maker =
        new ProcessBuilder("/bin/sh", "-c", MAKE, program.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      if (!maker.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(
            program + " was not written within " + PATIENCE_SECONDS + " s; is its disk at fault?");
      }
      if (maker.exitValue() != 0) {
        throw new IOException(
            program
                + " could not be written: the shell said so above and ended with "
                + maker.exitValue()
                + " instead of 0. Make room there, or name another folder with -Djava.io.tmpdir.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + program + " was written");
    } finally {
      maker.destroyForcibly();
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
