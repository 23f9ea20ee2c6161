// SPDX-License-Identifier: Apache-2.0
/** What the runtime does with a model's words. */
@NullMarked
package io.agentgovernance.internal.model;

import org.jspecify.annotations.NullMarked;
