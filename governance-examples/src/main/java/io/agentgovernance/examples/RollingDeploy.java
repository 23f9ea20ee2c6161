// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.Orchestration;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RecoverOptions;
import io.agentgovernance.Recovery;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** An application is replaced while runs go on: the old one closes, the new one recovers them. */
public final class RollingDeploy {
  private RollingDeploy() {}

  static OrchestratorBuilder configured(Path folder, ChatModel model) {
    Agent writer =
        Agent.of(
                "writer",
                ctx -> {
                  String sketch = ctx.model().ask(Prompt.user("Sketch it")).text();
                  return ctx.model().ask(Prompt.user("Write it").data("sketch", sketch)).text();
                })
            .version("1");
    return Orchestrator.builder()
        .model("offline", model)
        .team(Team.of(DecisionRule.by("writer"), writer))
        .ledger("sqlite:" + folder.resolve("ledger.db") + "?key=file:" + folder + "/keys/key")
        .checkpoints("sqlite:" + folder.resolve("checkpoints.db"));
  }

  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("rolling-deploy");
    CountDownLatch sketched = new CountDownLatch(2);
    AtomicInteger answers = new AtomicInteger();
    ChatModel fast =
        (request, exchange) -> {
          answers.incrementAndGet();
          return ChatReply.of("done", Usage.of(20, 2), request.model());
        };
    ChatModel slow =
        (request, exchange) -> {
          if (request.messages().get(0).text().contains("Write it")) {
            sketched.countDown();
            new CountDownLatch(1).await(); // no answer before the application is replaced
          }
          return fast.chat(request, exchange);
        };

    // tag::close[]
    Orchestrator old = configured(folder, slow).build();
    Orchestration letter = old.start(RunRequest.of("A letter"));
    Orchestration speech = old.start(RunRequest.of("A speech"));
    sketched.await();
    old.close(); // admits nothing new, keeps what is done, leaves the runs to be resumed
    System.out.println(letter.await().status() + ", " + speech.await().status());
    // end::close[]

    // tag::recover[]
    try (Orchestrator fresh = configured(folder, fast).build()) {
      Recovery recovery = fresh.recover(RecoverOptions.all());
      recovery.refused().forEach((run, why) -> System.err.println(run + ": " + why.getMessage()));
      for (Orchestration run : recovery.resumed()) {
        System.out.println(run.await().status() + ": " + run.await().objective());
      }
      System.out.println("unfinished: " + fresh.unfinished(10).size());
    }
    // end::recover[]
    System.out.println("answers of the model: " + answers);
  }
}
