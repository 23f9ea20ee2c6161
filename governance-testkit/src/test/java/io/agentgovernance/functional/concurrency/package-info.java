// SPDX-License-Identifier: Apache-2.0
/** Whole runs under load, at their end, and against bodies that do not cooperate. */
@NullMarked
package io.agentgovernance.functional.concurrency;

import org.jspecify.annotations.NullMarked;
