// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.AgentReport;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.payload.Payload;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;

/** Assertions on one agent of a run; see {@link RunAssert}. Not thread safe. */
public final class AgentAssert extends AbstractAssert<AgentAssert, AgentReport> {
  private final RunAssert run;

  AgentAssert(RunAssert run, AgentReport actual) {
    super(actual, AgentAssert.class);
    this.run = run;
    as("agent %s", actual.id());
  }

  /** It ended regularly. */
  public AgentAssert completed() {
    return status(AgentStatus.COMPLETED);
  }

  /** It ended by an error, and handed off. */
  public AgentAssert failed() {
    return status(AgentStatus.FAILED);
  }

  /** It spent its error budget, and handed off. */
  public AgentAssert revoked() {
    return status(AgentStatus.REVOKED);
  }

  /** It was ended by the deadline. */
  public AgentAssert timedOut() {
    return status(AgentStatus.TIMED_OUT);
  }

  /** It was ended by a stop. */
  public AgentAssert stopped() {
    return status(AgentStatus.STOPPED);
  }

  /** It has this status; a failed or revoked one has handed off. */
  public AgentAssert status(AgentStatus expected) {
    if (actual.status() != expected) {
      failWithMessage("expected status %s but found %s", expected, summary(actual));
    }
    boolean mustHandOff = expected == AgentStatus.FAILED || expected == AgentStatus.REVOKED;
    if (mustHandOff && actual.handedOff() == null) {
      failWithMessage("expected a handoff of a %s agent but there is none", expected);
    }
    return this;
  }

  /** It was in this phase last. */
  public AgentAssert phase(AgentPhase expected) {
    if (actual.phase() != expected) {
      failWithMessage("expected phase %s but found %s", expected, summary(actual));
    }
    return this;
  }

  /** It made so many errors. */
  public AgentAssert hasErrors(int expected) {
    if (actual.errors() != expected) {
      failWithMessage("expected %s errors but found %s", expected, actual.errors());
    }
    return this;
  }

  /** It finished these phases, in this order, and no others. */
  public AgentAssert finished(AgentPhase... phases) {
    Assertions.assertThat(actual.outputs())
        .as("%s: finished phases", descriptionText())
        .extracting(output -> output.phase())
        .containsExactly(phases);
    return this;
  }

  /** Its work, the output of EXECUTE, contains this as text or JSON. */
  public AgentAssert hasOutputContaining(String expected) {
    Optional<Payload> output = actual.output();
    if (output.isEmpty()) {
      failWithMessage("expected an output of EXECUTE but found %s", summary(actual));
    }
    Assertions.assertThat(output.map(Payload::text).orElse(""))
        .as("%s: output", descriptionText())
        .contains(expected);
    return this;
  }

  /** The reason why it failed or was revoked contains this. */
  public AgentAssert hasFailureContaining(String expected) {
    Assertions.assertThat(actual.failure()).as("%s: failure", descriptionText()).contains(expected);
    return this;
  }

  /** Its thread ignored its interruption. */
  public AgentAssert abandoned() {
    if (actual.thread() != AgentReport.ThreadState.ABANDONED) {
      failWithMessage("expected an abandoned thread but it has ended");
    }
    return this;
  }

  /** Goes to another agent of the run. */
  public AgentAssert agent(String role) {
    return run.agent(role);
  }

  /** Goes back to the run. */
  public RunAssert and() {
    return run;
  }

  /** Where it ended and why. */
  static String summary(AgentReport agent) {
    return agent.id()
        + " "
        + agent.status()
        + " in "
        + agent.phase()
        + (agent.failure().isEmpty() ? "" : ": " + agent.failure());
  }
}
