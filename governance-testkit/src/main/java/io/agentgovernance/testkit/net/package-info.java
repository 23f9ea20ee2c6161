// SPDX-License-Identifier: Apache-2.0
/** Faults of a network, over real sockets. Start with {@link FaultProxy}. */
@NullMarked
package io.agentgovernance.testkit.net;

import org.jspecify.annotations.NullMarked;
