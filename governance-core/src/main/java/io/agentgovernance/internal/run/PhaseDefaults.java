// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.payload.Payload;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the phases do that an agent does not define. None calls a model. */
final class PhaseDefaults {
  private static final Payload READY = Payload.of(Map.of("ready", true));
  private static final Payload CHECKED = Payload.of(Map.of("checked", "tools, tier, lease"));
  private static final Payload PLANNED = Payload.of(Map.of("plan", "execute as defined"));
  private static final Payload VERIFIED = Payload.of(Map.of("output", "present"));
  private static final Payload NOTHING = Payload.of(Map.of("output", "none"));
  private static final Payload RELEASED = Payload.of(Map.of("released", true));

  private PhaseDefaults() {}

  static Payload content(AgentRunner agent, AgentPhase phase) {
    return switch (phase) {
      case BOOTSTRAP -> READY;
      case PREFLIGHT -> CHECKED;
      case PLAN -> PLANNED;
      case EXECUTE -> Payload.empty();
      case VERIFY ->
          agent.output(AgentPhase.EXECUTE).filter(p -> !p.isEmpty()).isPresent()
              ? VERIFIED
              : NOTHING;
      case PACKAGE -> artifacts(agent);
      case REPORT -> agent.output(AgentPhase.PACKAGE).orElse(NOTHING);
      case EXIT -> RELEASED;
      case REVOKED -> throw new AssertionError(phase);
    };
  }

  /** The digests of what the agent made, as evidence. */
  private static Payload artifacts(AgentRunner agent) {
    Map<String, String> digests = new LinkedHashMap<>();
    agent
        .output(AgentPhase.EXECUTE)
        .ifPresent(output -> digests.put("EXECUTE", output.digest().hex()));
    return Payload.of(Map.of("artifacts", digests));
  }
}
