// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Payload;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the stages of a run know of it. Immutable and thread safe.
 *
 * @param tenant whose run it is
 * @param run the run
 * @param definition the name of the pipeline's definition
 * @param version the version of the definition
 * @param inputs what the run was started with, by name, in order
 * @param results the results so far, by stage, in order
 */
public record PipelineContext(
    TenantId tenant,
    RunId run,
    String definition,
    String version,
    Map<String, Payload> inputs,
    Map<String, StageResult> results) {
  /** Copies both maps. */
  public PipelineContext {
    requireNonNull(tenant, "tenant");
    requireNonNull(run, "run");
    requireNonNull(definition, "definition");
    requireNonNull(version, "version");
    inputs = Wire.copy(inputs);
    results = Wire.copy(results);
  }

  /** Returns this context with the result of a stage, in place of an earlier one of that stage. */
  public PipelineContext withResult(StageResult result) {
    var more = new LinkedHashMap<>(results);
    more.put(result.stage(), result);
    return new PipelineContext(tenant, run, definition, version, inputs, more);
  }
}
