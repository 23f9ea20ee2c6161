// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static io.agentgovernance.testkit.RunAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.examples.OwnAgentsAndTools.CustomerId;
import io.agentgovernance.examples.OwnAgentsAndTools.Memo;
import io.agentgovernance.examples.OwnAgentsAndTools.Risk;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.testkit.ScriptedModel;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How to test a team of your own: what the model says and how time passes is up to the test. */
class TestingYourTeamTest {
  // tag::setup[]
  private final ScriptedModel model = ScriptedModel.create();
  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-01-05T09:00:00Z"));
  private final Orchestrator orchestrator =
      Orchestrator.builder()
          .model("scripted", model)
          .time(time)
          .tools(OwnAgentsAndTools.exposure(Map.of("4711", 420_000L)))
          .team(OwnAgentsAndTools.credit())
          .build();
  private final RunRequest request =
      RunRequest.of("Assess customer 4711").input("customer", new CustomerId("4711"));

  @AfterEach
  void close() {
    orchestrator.close();
  }

  // end::setup[]

  // tag::script[]
  @Test
  void theWriterIsToldTheRiskAndTheAnalystTheExposure() {
    model.on("analyst").reply(new Risk(90, "overdue")).on("writer").reply(new Memo("no", "90"));

    OrchestrationResult result = orchestrator.run(request);

    assertThat(result).completed().hasSolutionContaining("no").hasNoDenials();
    assertThat(asked("analyst")).contains("420000");
    assertThat(asked("writer")).contains("90").contains("overdue");
    assertThat(model.unscripted()).isEmpty();
  }

  private String asked(String role) {
    return model.callsOf(role).get(0).request().messages().get(0).text();
  }

  // end::script[]

  // tag::retry[]
  @Test
  void aBusyProviderCostsTimeButNoResult() throws InterruptedException {
    model.on("analyst").fail(Kind.RATE_LIMITED).reply(new Risk(10, "fine"));
    model.on("writer").reply(new Memo("yes", "10"));

    Orchestration run = orchestrator.start(request);
    time.advanceWhenIdle(Duration.ofMinutes(1)); // the wait between the attempts takes no time

    assertThat(run.await()).completed();
    assertThat(model.callsOf("analyst")).hasSize(2);
  }

  // end::retry[]

  // tag::deadline[]
  @Test
  void whatTheAnalystFoundOutlivesAWriterThatHangs() throws InterruptedException {
    model.on("analyst").reply(new Risk(10, "fine")).on("writer").hang();

    Orchestration run = orchestrator.start(request.timeout(Duration.ofSeconds(30)));
    time.advanceWhenIdle(Duration.ofSeconds(30));
    OrchestrationResult result = run.await();

    assertThat(result).status(PipelineStatus.TIMEOUT).agent("writer").status(AgentStatus.TIMED_OUT);
    assertThat(result.agent("analyst").orElseThrow().output().orElseThrow().read(Risk.class))
        .isEqualTo(new Risk(10, "fine"));
  }

  // end::deadline[]
}
