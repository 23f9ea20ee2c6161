// SPDX-License-Identifier: Apache-2.0
/** Sees how stores, ledger, models and secrets are doing. */
@NullMarked
package io.agentgovernance.internal.health;

import org.jspecify.annotations.NullMarked;
