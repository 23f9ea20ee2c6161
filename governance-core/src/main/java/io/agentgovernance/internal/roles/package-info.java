// SPDX-License-Identifier: Apache-2.0
/** What the standard team's roles ask a model and the shapes of what it answers. */
@NullMarked
package io.agentgovernance.internal.roles;

import org.jspecify.annotations.NullMarked;
