// SPDX-License-Identifier: Apache-2.0

/** JMH benchmarks and comparisons with other libraries. */
@NullMarked
package io.agentgovernance.benchmarks;

import org.jspecify.annotations.NullMarked;
