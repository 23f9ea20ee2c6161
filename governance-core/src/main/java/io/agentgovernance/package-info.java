// SPDX-License-Identifier: Apache-2.0

/** Runs teams of LLM agents toward an objective under enforced rules. */
@NullMarked
package io.agentgovernance;

import org.jspecify.annotations.NullMarked;
