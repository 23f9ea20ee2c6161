// SPDX-License-Identifier: Apache-2.0

/**
 * Who gets threads, and what happens to them.
 *
 * <p>Start with {@link AgentThreads}. A run asks for all its threads at once ({@link Admission})
 * and then starts its agents ({@link AgentTask}). No lock is held while code of others runs.
 */
@NullMarked
package io.agentgovernance.internal.concurrent;

import org.jspecify.annotations.NullMarked;
