// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Outcome;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.payload.Payload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a run came out once every agent has ended. */
final class Verdicts {
  private Verdicts() {}

  static Outcome of(RunContext run, Team team) {
    List<AgentState> members =
        run.store().agents().stream().filter(agent -> agent.reason() == null).toList();
    Optional<Outcome> reached =
        team.rule()
            .match(
                quorum -> byQuorum(run),
                byRole -> byRole(members, byRole),
                collect -> collected(members));
    return reached.orElseGet(() -> unreached(run, members));
  }

  private static Optional<Outcome> byQuorum(RunContext run) {
    Optional<Proposal> accepted = run.store().accepted();
    return run.store()
        .solution()
        .flatMap(
            solution ->
                accepted.map(proposal -> new Outcome.Accepted(solution, proposal.decidedBy())));
  }

  private static Optional<Outcome> byRole(List<AgentState> members, DecisionRule.ByRole rule) {
    return completedOutput(members, rule.role())
        .map(output -> new Outcome.Accepted(output, rule.role().name()));
  }

  private static Optional<Payload> completedOutput(List<AgentState> members, AgentRole role) {
    for (AgentState member : members) {
      if (member.role().equals(role) && member.status() == AgentStatus.COMPLETED) {
        return executed(member);
      }
    }
    return Optional.empty();
  }

  private static Optional<Payload> executed(AgentState member) {
    for (AgentOutput output : member.outputs()) {
      if (output.phase() == AgentPhase.EXECUTE) {
        return Optional.of(output.content());
      }
    }
    return Optional.empty();
  }

  private static Optional<Outcome> collected(List<AgentState> members) {
    Map<String, Payload> outputs = new LinkedHashMap<>();
    for (AgentState member : members) {
      Optional<Payload> output = completedOutput(members, member.role());
      if (output.isEmpty()) {
        return Optional.empty();
      }
      outputs.put(member.role().name(), output.get());
    }
    return Optional.of(new Outcome.Accepted(Payload.of(outputs), "COLLECT"));
  }

  private static Outcome unreached(RunContext run, List<AgentState> members) {
    if (members.stream().noneMatch(member -> member.status() == AgentStatus.COMPLETED)) {
      return new Outcome.Failed(
          Outcome.Failed.ALL_AGENTS_FAILED,
          members.stream()
              .map(m -> m.role().name() + " " + m.status() + ": " + m.failure())
              .collect(Collectors.joining("; ")));
    }
    if (run.store().accepted().isPresent()) {
      return new Outcome.NoConsensus("a proposal was accepted, but nobody wrote the solution");
    }
    return new Outcome.NoConsensus(
        "every agent has ended and nothing was accepted; proposals: "
            + run.store().proposals().size()
            + ", completed agents: "
            + members.stream().filter(m -> m.status() == AgentStatus.COMPLETED).count()
            + " of "
            + members.size());
  }
}
