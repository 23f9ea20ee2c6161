// SPDX-License-Identifier: Apache-2.0
/** Whole runs, rule by rule. */
@NullMarked
package io.agentgovernance.functional;

import org.jspecify.annotations.NullMarked;
