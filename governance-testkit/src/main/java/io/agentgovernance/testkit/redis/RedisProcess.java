// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** One process of a server, and the shell that ends it when this JVM does. Thread safe. */
final class RedisProcess {
  private static final long PATIENCE_SECONDS = 10;
  private static final int LINES = 100;

  /** Waits for a word; if there comes an end instead, this JVM has died. */
  private static final String GUARD = "read -r word || { kill -9 \"$0\"; rm -rf \"$1\"; }";

  private final Process server;
  private final Process guard;

  private RedisProcess(Process server, Process guard) {
    this.server = server;
    this.guard = guard;
  }

  /** Starts a server with what is in the folder, and waits until it takes connections. */
  static RedisProcess start(Path folder, List<String> arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(RedisBinary.find(folder).toString());
    command.add(folder.resolve("redis.conf").toString());
    command.addAll(arguments);
    Process server = new ProcessBuilder(command).redirectErrorStream(true).start();
    RedisProcess process = new RedisProcess(server, guard(server, folder));
    var ready = new CompletableFuture<Void>();
    Thread reader = new Thread(() -> read(server, ready), "redis-server-output");
    reader.setDaemon(true);
    reader.start();
    try {
      Void unused = ready.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return process;
    } catch (ExecutionException | TimeoutException e) {
      process.kill();
      throw new IllegalStateException("redis-server does not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      process.kill();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while redis-server started", e);
    }
  }

  private static Process guard(Process server, Path folder) throws IOException {
    try {
      return new ProcessBuilder(
              List.of("/bin/sh", "-c", GUARD, String.valueOf(server.pid()), folder.toString()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      server.destroyForcibly();
      throw e;
    }
  }

  /** Reads to the end, or the server would have to wait for its reader. */
  private static void read(Process server, CompletableFuture<Void> ready) {
    var last = new ArrayDeque<String>();
    try (var lines = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last.addLast(line);
        if (last.size() > LINES) {
          last.removeFirst();
        }
        if (line.contains("eady to accept connections") || line.contains("Sentinel ID is")) {
          ready.complete(null);
        }
      }
    } catch (IOException e) {
      last.addLast(e.toString());
    }
    ready.completeExceptionally(new IOException("it said: " + String.join("\n", last)));
  }

  long pid() {
    return server.pid();
  }

  void kill() {
    server.destroyForcibly();
    end();
  }

  void stop() {
    server.destroy();
    end();
  }

  private void end() {
    try {
      if (!server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        server.destroyForcibly();
        throw new IllegalStateException("redis-server " + server.pid() + " does not end");
      }
      if (guard.isAlive()) {
        guard.getOutputStream().write("done\n".getBytes(UTF_8));
        guard.getOutputStream().close();
        guard.waitFor();
      }
    } catch (IOException e) {
      guard.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      guard.destroyForcibly();
    }
  }

  void signal(String name) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, String.valueOf(pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + " " + pid() + " failed: " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("kill cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending " + name, e);
    }
  }

  static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be removed", e);
    }
  }
}
