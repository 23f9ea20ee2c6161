// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.resume;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.ledger.RepeatedCalls;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.testkit.StandardScripts;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A process that runs two agents and a mediator with everything on SQLite, and is killed. Each
 * model call asks a server for leave first, which counts it.
 */
final class KillableMain {
  private KillableMain() {}

  /**
   * Starts, or resumes.
   *
   * @param args the folder, the port of the server, the run, and {@code start} or {@code resume}
   */
  public static void main(String[] args) throws Exception {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path folder = Path.of(args[0]);
    RunId run = RunId.of(args[2]);
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .model("counted", model(Integer.parseInt(args[1])))
            .ledger("sqlite:" + folder.resolve("ledger.db") + "?key=file:" + folder + "/keys/key")
            .checkpoints("sqlite:" + folder.resolve("checkpoints.db"))
            .listener(
                event -> {
                  if (event.type().equals(EventTypes.AGENT_OUTPUT)) {
                    out.println("step " + event.sequence());
                  }
                })
            .build()) {
      Orchestration orchestration =
          args[3].equals("start")
              ? orchestrator.start(
                  RunRequest.of("Reach something").id(run).document("d.md", "Some material."))
              : orchestrator.resume(run);
      OrchestrationResult result = orchestration.await();
      RepeatedCalls repeated =
          RepeatedCalls.in(orchestrator.ledger()::query, TenantId.DEFAULT, run);
      out.println("outcome " + result.outcome().getClass().getSimpleName() + " " + result.agents());
      result.warnings().forEach(warning -> out.println("warning " + warning));
      out.println(
          String.join(
              " ",
              "result",
              result.status().name(),
              result.solution().map(solution -> solution.digest().hex()).orElse("none"),
              String.valueOf(repeated.finished()),
              String.valueOf(repeated.unknown())));
    } catch (GovernanceException e) {
      out.println("refused " + e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }

  private static ChatModel model(int port) {
    ChatModel script = StandardScripts.rejecting(Integer.MAX_VALUE);
    return (request, exchange) -> {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port);
          var in =
              new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
          var out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
        out.println(exchange.agent() + " " + request.digest().hex());
        if (in.readLine() == null) {
          throw new IllegalStateException("the server has gone");
        }
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      return script.chat(request, exchange);
    };
  }
}
