// SPDX-License-Identifier: Apache-2.0
/**
 * What happens in a run, as it happens.
 *
 * <p>Pull with an {@link EventStream}, be called with an {@link EventListener}, or count with a
 * {@link MetricsCollector}. {@link EventTypes} names what the library announces.
 */
@NullMarked
package io.agentgovernance.event;

import org.jspecify.annotations.NullMarked;
