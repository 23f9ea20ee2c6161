// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ModelPricing;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A model as its server lists it. Immutable and thread safe.
 *
 * @param id what to ask for
 * @param name for people; the id if there is none
 * @param contextLength tokens of prompt and reply together; 0 if unknown
 * @param maxCompletionTokens tokens of a reply; 0 if unknown
 * @param pricing the most a token may cost by the list; empty if the server names no price
 * @param expirationDate when it is retired; empty if that is not known
 * @param supportedParameters options it knows
 */
public record ModelInfo(
    String id,
    String name,
    long contextLength,
    long maxCompletionTokens,
    Optional<ModelPricing> pricing,
    Optional<LocalDate> expirationDate,
    List<String> supportedParameters) {
  public ModelInfo {
    supportedParameters = List.copyOf(supportedParameters);
  }
}
