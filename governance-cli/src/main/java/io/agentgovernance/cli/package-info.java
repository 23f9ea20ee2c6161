// SPDX-License-Identifier: Apache-2.0

/** The {@code governance} command. */
@NullMarked
package io.agentgovernance.cli;

import org.jspecify.annotations.NullMarked;
