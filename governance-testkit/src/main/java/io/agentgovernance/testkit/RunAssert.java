// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.AgentReport;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Outcome;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.payload.Payload;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/**
 * Assertions on the result of a run. Needs AssertJ on the class path. Not thread safe.
 *
 * <pre>{@code
 * assertThat(result).completed().decidedBy("QUORUM").hasSolutionContaining("cache")
 *     .agent("BETA").completed()
 *     .agent("ALPHA").revoked().hasErrors(5)
 *     .and().handoffs(1).spawnedNoMediator();
 * }</pre>
 */
public final class RunAssert extends AbstractAssert<RunAssert, OrchestrationResult> {
  private RunAssert(OrchestrationResult actual) {
    super(actual, RunAssert.class);
    as("run %s", actual == null ? "" : actual.run());
  }

  /** Begins assertions on a result. */
  public static RunAssert assertThat(OrchestrationResult actual) {
    return new RunAssert(actual);
  }

  /** The team came to a result. */
  public RunAssert completed() {
    return status(PipelineStatus.COMPLETED);
  }

  /** The run has this status. */
  public RunAssert status(PipelineStatus expected) {
    isNotNull();
    if (actual.status() != expected) {
      failWithMessage("expected status %s but found %s", expected, summary());
    }
    return this;
  }

  /** The outcome is of this case. */
  public RunAssert outcome(Class<? extends Outcome> expected) {
    isNotNull();
    if (!expected.isInstance(actual.outcome())) {
      failWithMessage("expected outcome %s but found %s", expected.getSimpleName(), summary());
    }
    return this;
  }

  /** The outcome is of this case and passes these assertions. */
  public <T extends Outcome> RunAssert outcome(Class<T> expected, Consumer<? super T> assertions) {
    outcome(expected);
    assertions.accept(expected.cast(actual.outcome()));
    return this;
  }

  /**
   * The run completed, and this decided: {@code QUORUM}, {@code GAMMA}, {@code AUTHOR} or a rule.
   */
  public RunAssert decidedBy(String expected) {
    return outcome(
        Outcome.Accepted.class,
        accepted ->
            Assertions.assertThat(accepted.decidedBy())
                .as("%s: decided by", descriptionText())
                .isEqualTo(expected));
  }

  /** There is a solution whose text or JSON contains this. */
  public RunAssert hasSolutionContaining(String expected) {
    isNotNull();
    Optional<String> solution = actual.solution().map(Payload::text);
    if (solution.isEmpty()) {
      failWithMessage("expected a solution but there is none; found %s", summary());
    }
    Assertions.assertThat(solution.orElse(""))
        .as("%s: solution", descriptionText())
        .contains(expected);
    return this;
  }

  /** There is no solution. */
  public RunAssert hasNoSolution() {
    isNotNull();
    if (actual.solution().isPresent()) {
      failWithMessage("expected no solution but found one");
    }
    return this;
  }

  /** Goes to the first agent with this role, which there is. */
  public AgentAssert agent(String role) {
    isNotNull();
    Optional<AgentReport> report = actual.agent(role);
    if (report.isEmpty()) {
      failWithMessage(
          "expected an agent with role %s but found %s",
          role, actual.agents().stream().map(agent -> agent.id().value()).toList());
    }
    return new AgentAssert(this, report.orElseThrow());
  }

  /** The first agent with this role was revoked. */
  public RunAssert revoked(String role) {
    return agent(role).revoked().and();
  }

  /** So many agents took part, mediators and successors included. */
  public RunAssert agents(int expected) {
    isNotNull();
    return hasSize("agents", actual.agents(), expected);
  }

  /** So many agents with this role took part: 2 for an agent and its successor. */
  public RunAssert agents(String role, int expected) {
    isNotNull();
    AgentRole wanted = AgentRole.of(role);
    return hasSize(
        "agents with role " + role,
        actual.agents().stream().filter(agent -> agent.role().equals(wanted)).toList(),
        expected);
  }

  /** The mediator was spawned exactly once for this reason, whatever else it was spawned for. */
  public RunAssert spawnedMediatorOnce(MediationReason reason) {
    isNotNull();
    long spawned = actual.mediations().stream().filter(m -> m.reason() == reason).count();
    if (spawned != 1) {
      failWithMessage("expected one mediator for %s but found %s", reason, actual.mediations());
    }
    return this;
  }

  /** The mediator was never spawned. */
  public RunAssert spawnedNoMediator() {
    isNotNull();
    return hasSize("mediators", actual.mediations(), 0);
  }

  /** There are so many handoffs. */
  public RunAssert handoffs(int expected) {
    isNotNull();
    return hasSize("handoffs", actual.handoffs(), expected);
  }

  /** There are so many proposals. */
  public RunAssert proposals(int expected) {
    isNotNull();
    return hasSize("proposals", actual.proposals(), expected);
  }

  /** At least one action was denied by this rule. */
  public RunAssert deniedBy(String rule) {
    isNotNull();
    if (actual.denials().stream().noneMatch(denial -> denial.rule().equals(rule))) {
      failWithMessage("expected a denial by rule %s but found %s", rule, actual.denials());
    }
    return this;
  }

  /** No action was denied. */
  public RunAssert hasNoDenials() {
    isNotNull();
    return hasSize("denials", actual.denials(), 0);
  }

  /** There is nothing an operator should know. */
  public RunAssert hasNoWarnings() {
    isNotNull();
    return hasSize("warnings", actual.warnings(), 0);
  }

  /** So many threads ignored their interruption. */
  public RunAssert abandonedThreads(int expected) {
    isNotNull();
    if (actual.abandonedThreads() != expected) {
      failWithMessage(
          "expected %s abandoned threads but found %s", expected, actual.abandonedThreads());
    }
    return this;
  }

  /** Events of these types happened in this order, others in between or not. */
  public RunAssert hasEvents(String... types) {
    isNotNull();
    Assertions.assertThat(actual.timeline())
        .as("%s: events", descriptionText())
        .extracting(event -> event.type())
        .containsSubsequence(types);
    return this;
  }

  private RunAssert hasSize(String what, List<?> found, int expected) {
    if (found.size() != expected) {
      failWithMessage("expected %s %s but found %s: %s", expected, what, found.size(), found);
    }
    return this;
  }

  /** Outcome and agents, without what they wrote. */
  private String summary() {
    String outcome =
        actual
            .outcome()
            .match(
                accepted -> "Accepted by " + accepted.decidedBy(),
                Outcome.NoConsensus::toString,
                Outcome.TimedOut::toString,
                Outcome.Stopped::toString,
                awaiting -> "AwaitingApproval of " + awaiting.pending().size(),
                Outcome.Failed::toString);
    return actual.status()
        + " ("
        + outcome
        + "); agents "
        + actual.agents().stream().map(agent -> AgentAssert.summary(agent)).toList();
  }
}
