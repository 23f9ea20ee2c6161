// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The constants of the vocabulary. There is no default password: credentials are references to a
 * secret source.
 */
public final class PipelineConstants {
  /** The names of all phases, {@link AgentPhase#REVOKED} last. */
  public static final List<String> AGENT_PHASE_NAMES =
      Arrays.stream(AgentPhase.values()).map(AgentPhase::wireName).toList();

  /** The phases an agent passes, in order; without {@link AgentPhase#REVOKED}. */
  public static final List<AgentPhase> AGENT_PHASES_ORDERED =
      Arrays.stream(AgentPhase.values()).filter(phase -> phase != AgentPhase.REVOKED).toList();

  /** The output type of each phase that has one. */
  public static final Map<AgentPhase, OutputType> PHASE_OUTPUT_TYPES =
      Collections.unmodifiableMap(outputTypes());

  /** The host of Redis or DragonflyDB if none is named. */
  public static final String DEFAULT_REDIS_HOST = "localhost";

  /** The port of Redis or DragonflyDB if none is named. */
  public static final int DEFAULT_REDIS_PORT = 6379;

  /** The file of the SQLite ledger if none is named, relative to the working folder. */
  public static final String DEFAULT_LEDGER_PATH = "governance-ledger.db";

  /** The file of the checkpoint store on SQLite. */
  public static final String DEFAULT_CHECKPOINT_PATH = "governance-checkpoints.db";

  private PipelineConstants() {}

  private static Map<AgentPhase, OutputType> outputTypes() {
    var types = new EnumMap<AgentPhase, OutputType>(AgentPhase.class);
    for (var phase : AgentPhase.values()) {
      phase.outputType().ifPresent(type -> types.put(phase, type));
    }
    return types;
  }
}
