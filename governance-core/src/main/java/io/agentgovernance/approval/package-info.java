// SPDX-License-Identifier: Apache-2.0
/**
 * Decisions that only a person may take. Start with {@link io.agentgovernance.approval.Approvals}.
 */
@NullMarked
package io.agentgovernance.approval;

import org.jspecify.annotations.NullMarked;
