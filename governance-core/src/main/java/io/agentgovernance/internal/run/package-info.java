// SPDX-License-Identifier: Apache-2.0
/**
 * The run: its coordinator, its agents, and the governed calls they make.
 *
 * <p>Threads: an agent's body and everything it calls run on that agent's thread. The coordinator's
 * decisions run one at a time on whichever thread posts to it. Timers only post.
 *
 * <p>One package on purpose: cut into calls, joining, resuming, mediation and leases, 54 of its 95
 * types would have to be public, because nearly all of them meet in the agent, its run and its
 * coordinator, and 27 of them need each other. Package-private types say more than directions
 * would.
 */
@NullMarked
package io.agentgovernance.internal.run;

import org.jspecify.annotations.NullMarked;
