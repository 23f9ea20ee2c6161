// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A real Redis server for tests: a process of its own with a folder of its own, on a port of the
 * loopback interface that it keeps over restarts.
 *
 * <pre>{@code
 * try (RedisServer redis = RedisServer.builder().appendOnly(AppendOnly.ALWAYS).start()) {
 *   … redis.uri() …
 *   redis.kill();
 *   redis.restart();
 * }
 * }</pre>
 *
 * <p>Closing ends the process and removes the folder; when this JVM dies, even by {@code kill -9},
 * both go too. Thread safe. Needs a POSIX shell.
 */
public final class RedisServer implements AutoCloseable {
  private static final int ATTEMPTS = 20;

  /** Below the ports that the system gives to clients; the cluster's bus is 10,000 above. */
  private static final int FIRST_PORT = 12_000;

  private static final int LAST_PORT = 22_000;
  private static final int BUS_OFFSET = 10_000;

  private final RedisServerBuilder settings;
  private final Path folder;
  private final int port;
  private RedisProcess process;

  private RedisServer(RedisServerBuilder settings, Path folder, int port, RedisProcess process) {
    this.settings = settings;
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  /** Starts one that keeps everything in memory and lets everybody in. */
  public static RedisServer start() {
    return builder().start();
  }

  /** Returns a builder. */
  public static RedisServerBuilder builder() {
    return new RedisServerBuilder();
  }

  static RedisServer start(RedisServerBuilder settings) {
    try {
      Path folder = Files.createTempDirectory("governance-redis-");
      IllegalStateException last = null;
      for (int i = 0; i < ATTEMPTS; i++) {
        int port = freePort();
        write(settings, folder, port);
        try {
          return new RedisServer(
              settings, folder, port, RedisProcess.start(folder, arguments(settings)));
        } catch (IllegalStateException e) { // somebody else was faster to take the port
          last = e;
          if (!String.valueOf(e.getMessage()).contains("bind")) {
            break;
          }
        }
      }
      RedisProcess.remove(folder);
      throw last == null ? new IllegalStateException("no attempt to start redis-server") : last;
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server cannot be started", e);
    }
  }

  private static List<String> arguments(RedisServerBuilder settings) {
    return settings.isSentinel() ? List.of("--sentinel") : List.of();
  }

  private static int freePort() throws IOException {
    for (int i = 0; i < 1_000; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      if (isFree(port) && isFree(port + BUS_OFFSET)) {
        return port;
      }
    }
    throw new IOException("no free port between " + FIRST_PORT + " and " + LAST_PORT);
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static void write(RedisServerBuilder settings, Path folder, int port) throws IOException {
    String password = settings.password();
    Files.writeString(
        folder.resolve("redis.conf"),
        String.join(
            "\n",
            "bind 127.0.0.1",
            "port " + port,
            "dir " + folder,
            "save \"\"",
            "daemonize no",
            settings.appendOnly().config(),
            password == null ? "" : "requirepass " + password,
            String.join("\n", settings.lines()),
            ""));
  }

  /** Returns the port. */
  public int port() {
    return port;
  }

  /** Returns {@code redis://127.0.0.1:<port>}, without any password. */
  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  /** Returns the folder with its files. */
  public Path folder() {
    return folder;
  }

  /** Returns the id of its process. */
  public synchronized long pid() {
    return process.pid();
  }

  /**
   * Sends one command on a connection of its own.
   *
   * @return a text, a {@link Long}, a list of such, or null
   * @throws IllegalStateException if the answer is an error
   */
  public @Nullable Object command(String... words) {
    try (var connection = new Resp(port)) {
      String password = settings.password();
      if (password != null) {
        Object unused = connection.call("AUTH", password);
      }
      return connection.call(words);
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server on port " + port + " cannot be asked", e);
    }
  }

  /** {@code kill -9}. What it had only in memory is lost. */
  public synchronized void kill() {
    process.kill();
  }

  /** Ends it in good order. */
  public synchronized void stop() {
    process.stop();
  }

  /** Lets it stand still (SIGSTOP): connections stay, nothing is answered. */
  public synchronized void pause() {
    process.signal("STOP");
  }

  /** Lets it go on (SIGCONT). */
  public synchronized void resume() {
    process.signal("CONT");
  }

  /** Starts it again on the same port with the same folder, after it was killed or stopped. */
  public synchronized void restart() {
    process.kill();
    try {
      process = RedisProcess.start(folder, arguments(settings));
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server cannot be started again", e);
    }
  }

  /** Ends it at once and removes its folder. Idempotent. */
  @Override
  public synchronized void close() {
    process.kill();
    RedisProcess.remove(folder);
  }
}
