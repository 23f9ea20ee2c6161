// SPDX-License-Identifier: Apache-2.0

/** Scripted models, manual time and injected faults for testing what is built on the library. */
@NullMarked
package io.agentgovernance.testkit;

import org.jspecify.annotations.NullMarked;
