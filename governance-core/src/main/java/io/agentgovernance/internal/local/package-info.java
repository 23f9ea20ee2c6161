// SPDX-License-Identifier: Apache-2.0
/** The deterministic, offline stand-in for a language model behind {@code local:}. */
@NullMarked
package io.agentgovernance.internal.local;

import org.jspecify.annotations.NullMarked;
