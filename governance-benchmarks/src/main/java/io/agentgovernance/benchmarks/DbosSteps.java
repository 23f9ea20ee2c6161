// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** DBOS Java on a PostgreSQL of its own: a workflow that does the steps. */
final class DbosSteps implements StepContender {

  /** The workflow, as DBOS wants it declared. */
  interface Flow {
    /** Does the steps and returns the number. */
    int add(int steps);
  }

  private static final String USER = "postgres";

  private final ConcurrentMap<String, StepTimes> times = new ConcurrentHashMap<>();
  private final PostgresServer server;
  private final DBOS dbos;
  private final Flow flow;

  /**
   * Starts the server and DBOS.
   *
   * @throws IOException if the server cannot be started here
   * @throws SQLException if it does not answer
   */
  DbosSteps(Path folder) throws IOException, SQLException {
    server = PostgresServer.start(folder);
    dbos =
        new DBOS(
            DBOSConfig.defaults("durable-steps")
                .withDatabaseUrl(server.jdbcUrl())
                .withDbUser(USER)
                .withDbPassword(USER)
                .withMigrate(true));
    flow = dbos.registerProxy(Flow.class, new Adding());
    dbos.launch();
  }

  /** The workflow's body. */
  private final class Adding implements Flow {
    @Override
    @Workflow(name = "add")
    public int add(int steps) {
      var to = times.get(DBOS.workflowId());
      var number = 0;
      for (var i = 0; i < steps; i++) {
        var before = number;
        var start = System.nanoTime();
        number = dbos.runStep(() -> before + 1, "add");
        if (to != null) {
          to.since(start);
        }
      }
      return number;
    }
  }

  @Override
  public String name() {
    return "DBOS Java " + DBOS.version() + ", runStep";
  }

  @Override
  public String settings() {
    return server.settings()
        + ", DBOS's own pool of 10 connections; the step's result is committed before the workflow"
        + " has it, nothing before the step runs";
  }

  @Override
  public void run(int steps, StepTimes to) {
    var id = UUID.randomUUID().toString();
    times.put(id, to);
    try {
      int number =
          dbos.startWorkflow(() -> flow.add(steps), new StartWorkflowOptions(id)).getResult();
      if (number != steps) {
        throw new IllegalStateException("expected " + steps + " but found " + number);
      }
    } finally {
      times.remove(id);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      dbos.shutdown();
    } finally {
      server.close();
    }
  }
}
