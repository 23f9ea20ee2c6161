// SPDX-License-Identifier: Apache-2.0
/**
 * How the parts an orchestrator rests on are doing.
 *
 * <p>Start with {@link io.agentgovernance.health.HealthManager}, which {@code
 * Orchestrator.health()} gives.
 */
@NullMarked
package io.agentgovernance.health;

import org.jspecify.annotations.NullMarked;
