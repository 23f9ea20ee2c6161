// SPDX-License-Identifier: Apache-2.0

/** One small program per recipe. */
@NullMarked
package io.agentgovernance.examples;

import org.jspecify.annotations.NullMarked;
