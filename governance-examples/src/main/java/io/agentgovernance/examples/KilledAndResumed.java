// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.ledger.RepeatedCalls;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.sqlite.AnchorKeys;
import io.agentgovernance.ledger.sqlite.SqliteLedger;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.Usage;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * A process is killed in the middle of a run; another one finishes it. With two arguments it is the
 * process that is killed.
 */
public final class KilledAndResumed {
  private static final String ANSWERED = "the first answer is kept";

  private KilledAndResumed() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 2) {
      beKilled(Path.of(args[0]), RunId.of(args[1]));
      return;
    }
    Path folder = Files.createTempDirectory("killed-and-resumed");
    RunId run = RunId.random();
    System.out.println("first process: exit code " + kill(folder, run));
    resume(folder, run);
  }

  // tag::configured[]
  /** The same in both processes. */
  static OrchestratorBuilder configured(Path folder, Runnable between) {
    Path key = folder.resolve("keys/ledger.key");
    Agent writer =
        Agent.of(
                "writer",
                ctx -> {
                  var risks = ctx.model().ask(Prompt.user("Which risks are there?")).text();
                  between.run(); // where the first process is killed
                  var plan = Prompt.user("Write the plan").data("risks", risks);
                  return ctx.model().ask(plan).text();
                })
            .version("1");
    return Orchestrator.builder()
        .model("offline", KilledAndResumed::answer)
        .team(Team.of(DecisionRule.by("writer"), writer))
        .ledger("sqlite:" + folder.resolve("ledger.db") + "?key=file:" + key)
        .checkpoints("sqlite:" + folder.resolve("checkpoints.db"))
        .require(Durability.DURABLE);
  }

  // end::configured[]

  /** Stands in for a language model, and says when it is asked. */
  private static ChatReply answer(ChatRequest request, Exchange exchange) {
    boolean first = request.messages().get(0).text().contains("Which risks");
    System.out.println("model asked " + (first ? "for the risks" : "for the plan"));
    return ChatReply.of(first ? "a flood" : "buy sandbags", Usage.of(40, 4), request.model());
  }

  /** The first process: it starts the run and gets no further than the first answer. */
  private static void beKilled(Path folder, RunId run) throws InterruptedException {
    Runnable waiting =
        () -> {
          System.out.println(ANSWERED);
          forEver();
        };
    try (Orchestrator orchestrator = configured(folder, waiting).build()) {
      orchestrator.start(RunRequest.of("Prepare for winter").id(run)).await();
    }
  }

  private static void forEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // tag::kill[]
  /** Starts the first process, and kills it (kill -9) when the first answer is kept. */
  static int kill(Path folder, RunId run) throws IOException, InterruptedException {
    String java = ProcessHandle.current().info().command().orElse("java");
    Process process =
        new ProcessBuilder(
                java,
                "-cp",
                classPath(),
                KilledAndResumed.class.getName(),
                folder.toString(),
                run.value())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        System.out.println("first process: " + line);
        if (line.equals(ANSWERED)) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    return process.waitFor();
  }

  // end::kill[]

  /** The class path of this program, also where Maven runs it within its own process. */
  private static String classPath() {
    if (KilledAndResumed.class.getClassLoader() instanceof URLClassLoader own) {
      return Arrays.stream(own.getURLs())
          .map(url -> Path.of(URI.create(url.toString())).toString())
          .collect(Collectors.joining(File.pathSeparator));
    }
    return System.getProperty("java.class.path");
  }

  // tag::resume[]
  static void resume(Path folder, RunId run) throws InterruptedException {
    try (Orchestrator orchestrator = configured(folder, () -> {}).build()) {
      OrchestrationResult result = orchestrator.resume(run).await();
      RepeatedCalls repeated =
          RepeatedCalls.in(orchestrator.ledger()::query, TenantId.DEFAULT, run);
      System.out.println(result.status() + ": " + result.solution().orElseThrow().text());
      System.out.println(result.usage().calls() + " model calls in both processes together");
      System.out.println("repeated model calls: " + repeated.finished());
    }
    Path key = folder.resolve("keys/ledger.key.pub");
    Verification ledger = SqliteLedger.verify(folder.resolve("ledger.db"), AnchorKeys.read(key));
    System.out.println("verify: " + ledger);
  }
  // end::resume[]
}
