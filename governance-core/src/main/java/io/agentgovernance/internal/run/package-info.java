// SPDX-License-Identifier: Apache-2.0
/**
 * The run: its coordinator, its agents, and the governed calls they make.
 *
 * <p>Threads: an agent's body and everything it calls run on that agent's thread. The coordinator's
 * decisions run one at a time on whichever thread posts to it. Timers only post.
 */
@NullMarked
package io.agentgovernance.internal.run;

import org.jspecify.annotations.NullMarked;
