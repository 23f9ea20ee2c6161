// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.Outcome;
import io.agentgovernance.StandardTeam;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Scenes.Mishap;
import io.agentgovernance.payload.Payload;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FailoverTest {

  @Test
  void theStandardTeamGoesOnWithoutAlpha() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .model("local:")
                .team(
                    Team.of(
                        DecisionRule.quorum(),
                        Agent.of(
                            "ALPHA",
                            ctx -> {
                              ctx.blackboard().put("research/notes", "half done");
                              throw Mishap.lasting("the source is gone");
                            }),
                        StandardTeam.beta())));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.solution()).isPresent();
    AgentReport alpha = result.agent("ALPHA").orElseThrow();
    AgentReport beta = result.agent("BETA").orElseThrow();
    assertThat(alpha.status()).isEqualTo(AgentStatus.FAILED);
    assertThat(alpha.outputs())
        .extracting(AgentOutput::phase)
        .containsExactly(AgentPhase.BOOTSTRAP, AgentPhase.PREFLIGHT, AgentPhase.PLAN);
    assertThat(beta.status()).isEqualTo(AgentStatus.COMPLETED);
    assertThat(beta.output()).isPresent();
    assertThat(result.report()).contains("the source is gone");
  }

  @Test
  void theStandardTeamGoesOnWithoutBeta() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .model("local:")
                .team(Team.of(DecisionRule.quorum(), StandardTeam.alpha(), failing("BETA"))));

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.outcome())
        .isInstanceOfSatisfying(
            Outcome.Accepted.class,
            accepted -> assertThat(accepted.decidedBy()).isEqualTo("AUTHOR"));
  }

  @Test
  void whenAllHaveFailedTheRunFailsWithACheckpointOfTheFailures() {
    OrchestrationResult result =
        Scenes.run(
            Team.of(
                DecisionRule.quorum(),
                Agent.of(
                    "ALPHA",
                    ctx -> {
                      throw Mishap.lasting("first cause");
                    }),
                Agent.of(
                    "BETA",
                    ctx -> {
                      throw Mishap.lasting("second cause");
                    })));

    assertThat(result.status()).isEqualTo(PipelineStatus.FAILED);
    assertThat(result.checkpoint()).isNotNull();
    assertThat(result.checkpoint().status()).isEqualTo(PipelineStatus.FAILED);
    Payload detail = result.checkpoint().detail();
    assertThat(detail.at("/agents/" + result.run() + "-alpha/failure"))
        .contains(Payload.text("first cause"));
    assertThat(detail.at("/agents/" + result.run() + "-beta/failure"))
        .contains(Payload.text("second cause"));
  }

  @Test
  void theActivePartnerClaimsWhatAFailedAgentLeft() {
    OrchestrationResult result =
        Scenes.run(
            Team.of(
                DecisionRule.by("stays"),
                Agent.of(
                    "leaves",
                    ctx -> {
                      ctx.propose("mine to keep");
                      ctx.receiveFrom("stays", Scenes.LONG);
                      ctx.send("stays", "bye");
                      throw Mishap.lasting("no strength left");
                    }),
                Agent.of(
                    "stays",
                    ctx -> {
                      ctx.send("leaves", "first");
                      ctx.receiveFrom("leaves", Scenes.LONG);
                      ctx.send("leaves", "never read");
                      ctx.send("leaves", "nor this");
                      ctx.blackboard().put("ready", true);
                      Handoff got = Scenes.untilHandedOver(ctx);
                      return got.cause() + " " + got.outputs().size() + " " + got.state();
                    })));

    assertThat(result.handoffs()).hasSize(1);
    Handoff handoff = result.handoffs().get(0);
    assertThat(handoff.state()).isEqualTo(Handoff.State.CLAIMED);
    assertThat(handoff.claimedBy()).isEqualTo(result.agent("stays").orElseThrow().id());
    assertThat(handoff.phase()).isEqualTo(AgentPhase.EXECUTE);
    assertThat(handoff.openProposals()).hasSize(1);
    assertThat(result.proposals().get(0).author()).isEqualTo(handoff.from());
    assertThat(result.solution()).contains(Payload.text("no strength left 3 CLAIMED"));
    assertThat(result.agent("leaves").orElseThrow().handedOff()).isEqualTo(handoff);
    assertThat(Scenes.events(result, EventTypes.HANDOFF_CREATED)).hasSize(1);
    assertThat(Scenes.events(result, EventTypes.HANDOFF_CLAIMED)).hasSize(1);
  }

  @Test
  void unreadMessagesAreHandedOff() {
    var sent = new CountDownLatch(1);

    OrchestrationResult result =
        Scenes.run(
            Team.of(
                DecisionRule.by("stays"),
                Agent.of(
                    "leaves",
                    ctx -> {
                      ctx.receiveFrom("stays", Scenes.LONG);
                      sent.await();
                      throw Mishap.lasting("gone");
                    }),
                Agent.of(
                    "stays",
                    ctx -> {
                      ctx.send("leaves", "read");
                      ctx.send("leaves", "unread");
                      sent.countDown();
                      return Scenes.untilHandedOver(ctx).unread().get(0).content().text();
                    })));

    assertThat(result.solution()).contains(Payload.text("unread"));
    assertThat(result.handoffs().get(0).unread()).hasSize(1);
  }

  @Test
  void withoutAPartnerOneSuccessorTakesOver() {
    var made = new AtomicInteger();
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .team(Team.of(DecisionRule.by("one"), failing("one")))
            .successors(
                (failed, handoff) -> {
                  made.incrementAndGet();
                  return Optional.of(
                      Agent.of("one", ctx -> "took over " + ctx.handoffs().get(0).from()));
                });

    OrchestrationResult result = Scenes.run(builder);

    assertThat(made).hasValue(1);
    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.solution()).contains(Payload.text("took over " + result.run() + "-one"));
    assertThat(result.agents()).extracting(AgentReport::role).containsOnly(new AgentRole("one"));
    assertThat(result.handoffs().get(0).claimedBy())
        .isEqualTo(new AgentId(result.run() + "-one-2"));
    assertThat(result.agents().get(1).outputs()).hasSize(8);
  }

  @Test
  void theSuccessorOfASuccessorIsNotMadeAndTheHandoffIsListedUnclaimed() {
    var made = new AtomicInteger();
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .team(Team.of(DecisionRule.by("one"), failing("one")))
            .successors(
                (failed, handoff) -> {
                  made.incrementAndGet();
                  return Optional.of(failing("one"));
                });

    OrchestrationResult result = Scenes.run(builder);

    assertThat(made).hasValue(1);
    assertThat(result.handoffs()).extracting(Handoff::depth).containsExactly(1, 2);
    assertThat(result.handoffs())
        .extracting(Handoff::state)
        .containsExactly(Handoff.State.CLAIMED, Handoff.State.UNCLAIMED);
    assertThat(result.status()).isEqualTo(PipelineStatus.FAILED);
    assertThat(Scenes.events(result, EventTypes.HANDOFF_UNCLAIMED)).hasSize(1);
  }

  @Test
  void withoutPartnerAndFactoryTheHandoffIsListedUnclaimed() {
    OrchestrationResult result = Scenes.run(Team.of(DecisionRule.by("one"), failing("one")));

    assertThat(result.handoffs())
        .extracting(Handoff::state)
        .containsExactly(Handoff.State.UNCLAIMED);
  }

  @Test
  void aFactoryThatFailsLeavesTheHandoffUnclaimed() {
    OrchestrationResult result =
        Scenes.run(
            Orchestrator.builder()
                .team(Team.of(DecisionRule.by("one"), failing("one")))
                .successors(
                    (failed, handoff) -> {
                      throw new IllegalStateException("no staff");
                    }));

    assertThat(result.handoffs())
        .extracting(Handoff::state)
        .containsExactly(Handoff.State.UNCLAIMED);
    assertThat(result.status()).isEqualTo(PipelineStatus.FAILED);
  }

  @Test
  void aRevokedAgentThatHangsDoesNotBlockItsSuccessor() {
    var release = new CountDownLatch(1);
    Agent errs =
        Agent.of(
                "one",
                ctx -> {
                  try {
                    ctx.tools().call("no-such-tool", Map.of());
                  } catch (RuntimeException e) {
                    while (release.getCount() > 0) {
                      Thread.onSpinWait(); // deaf to interruption
                    }
                  }
                  return "too late";
                })
            .errorBudget(new ErrorBudget(1, 1, 1));

    OrchestrationResult result;
    try {
      result =
          Scenes.run(
              Orchestrator.builder()
                  .team(Team.of(DecisionRule.by("one"), errs))
                  .successors(
                      (failed, left) -> Optional.of(Agent.of("one", ctx -> "in its place"))));
    } finally {
      release.countDown();
    }

    assertThat(result.solution()).contains(Payload.text("in its place"));
    assertThat(result.agents())
        .extracting(AgentReport::status)
        .containsExactly(AgentStatus.REVOKED, AgentStatus.COMPLETED);
    assertThat(result.abandonedThreads()).isEqualTo(1);
  }

  private static Agent failing(String role) {
    return Agent.of(
        role,
        ctx -> {
          throw Mishap.lasting("not my day");
        });
  }
}
