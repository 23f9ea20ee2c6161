// SPDX-License-Identifier: Apache-2.0
/** What a run may spend. Start with {@link io.agentgovernance.budget.SpendBudget}. */
@NullMarked
package io.agentgovernance.budget;

import org.jspecify.annotations.NullMarked;
