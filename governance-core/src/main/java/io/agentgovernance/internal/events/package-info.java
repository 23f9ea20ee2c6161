// SPDX-License-Identifier: Apache-2.0
/** How changes of a run's state become events, and how events reach those who watch. */
@NullMarked
package io.agentgovernance.internal.events;

import org.jspecify.annotations.NullMarked;
