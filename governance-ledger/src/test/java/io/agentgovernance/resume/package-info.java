// SPDX-License-Identifier: Apache-2.0
/** Whole runs whose processes are killed. */
@NullMarked
package io.agentgovernance.resume;

import org.jspecify.annotations.NullMarked;
