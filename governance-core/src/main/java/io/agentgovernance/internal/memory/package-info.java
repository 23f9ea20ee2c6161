// SPDX-License-Identifier: Apache-2.0
/** The in-memory backends. */
@NullMarked
package io.agentgovernance.internal.memory;

import org.jspecify.annotations.NullMarked;
