// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.Usage;

/**
 * What OpenRouter has on record of one reply. Immutable and thread safe.
 *
 * @param id the reply's id
 * @param model the model that answered
 * @param provider who served it; empty if unknown
 * @param cancelled whether the reply was broken off
 * @param finishReason why the model stopped; empty if unknown
 * @param usage tokens as the provider counts, and the whole cost
 */
public record Generation(
    String id,
    String model,
    String provider,
    boolean cancelled,
    String finishReason,
    Usage usage) {}
