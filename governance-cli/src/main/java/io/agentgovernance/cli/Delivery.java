// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.ledger.RepeatedCalls;
import org.jspecify.annotations.Nullable;

/**
 * What a command hands over.
 *
 * @param result the result
 * @param repeated what the ledger says of calls that were made again; null if nothing was resumed
 */
record Delivery(OrchestrationResult result, @Nullable RepeatedCalls repeated) {}
