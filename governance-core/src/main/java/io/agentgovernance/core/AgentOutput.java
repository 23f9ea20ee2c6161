// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Instant;

/**
 * What an agent hands over at the end of a phase. Immutable and thread safe.
 *
 * @param run the run
 * @param agent who made it
 * @param phase the phase it ends
 * @param type how finished it is; always the phase's {@link AgentPhase#outputType()}
 * @param content the output
 * @param digest always the content's
 * @param at when it was made
 */
public record AgentOutput(
    RunId run,
    AgentId agent,
    AgentPhase phase,
    OutputType type,
    Payload content,
    Digest digest,
    Instant at) {
  /** Checks that type and digest belong to phase and content. */
  public AgentOutput {
    requireNonNull(run, "run");
    requireNonNull(agent, "agent");
    requireNonNull(at, "at");
    if (type != typeOf(phase)) {
      throw new BadInputException(
          "output of phase " + phase,
          "type " + type,
          "type " + typeOf(phase),
          "Use AgentOutput.of");
    }
    if (!digest.equals(content.digest())) {
      throw new BadInputException(
          "output of agent " + agent + " in phase " + phase,
          "content with digest " + content.digest().prefix(),
          "content with digest " + digest.prefix(),
          "The stored output was changed; do not use it");
    }
  }

  /**
   * Makes an output; type and digest follow from phase and content.
   *
   * @throws BadInputException if the phase is REVOKED, which has no output
   */
  public static AgentOutput of(
      RunId run, AgentId agent, AgentPhase phase, Payload content, Instant at) {
    return new AgentOutput(run, agent, phase, typeOf(phase), content, content.digest(), at);
  }

  private static OutputType typeOf(AgentPhase phase) {
    return phase
        .outputType()
        .orElseThrow(
            () ->
                new BadInputException(
                    "agent output",
                    "phase " + phase,
                    "a phase that has an output",
                    "A revoked agent hands off instead"));
  }
}
