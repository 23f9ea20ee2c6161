// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A PostgreSQL server of this process's own, whose programs come from a Maven artifact. The server
 * refuses to run as root; then it is started in a user namespace of its own, where root is somebody
 * else.
 */
final class PostgresServer implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What makes a commit durable; the artifact's own defaults are for tests and switch it off. */
  private static final List<String> DURABLE =
      List.of("fsync", "synchronous_commit", "full_page_writes");

  private static final List<String> PRINTED = List.of("wal_sync_method", "shared_buffers");

  private final EmbeddedPostgres server;
  private final String settings;

  private PostgresServer(EmbeddedPostgres server, String settings) {
    this.server = server;
    this.settings = settings;
  }

  /**
   * Starts a server whose files are in a folder, and asks it whether its commits are durable.
   *
   * @throws IOException if it cannot be started here
   * @throws SQLException if it does not answer
   */
  static PostgresServer start(Path folder) throws IOException, SQLException {
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(folder.resolve("data"))
            .setOverrideWorkingDirectory(folder.resolve("programs").toFile())
            .setPGStartupWait(PATIENCE);
    DURABLE.forEach(setting -> builder.setServerConfig(setting, "on"));
    var server = builder.start();
    try {
      return new PostgresServer(server, settings(server));
    } catch (SQLException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static String settings(EmbeddedPostgres server) throws SQLException {
    var settings = new ArrayList<String>();
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      for (var setting : List.of(DURABLE, PRINTED)) {
        for (var name : setting) {
          try (var result = statement.executeQuery("SHOW " + name)) {
            result.next();
            var value = result.getString(1);
            if (setting == DURABLE && !value.equals("on")) {
              throw new IllegalStateException(
                  "PostgreSQL: expected " + name + "=on but found " + value);
            }
            settings.add(name + "=" + value);
          }
        }
      }
      return "PostgreSQL "
          + connection.getMetaData().getDatabaseProductVersion()
          + ", "
          + String.join(", ", settings);
    }
  }

  /** The server's version and what it says of its durability. */
  String settings() {
    return settings;
  }

  String jdbcUrl() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
