// SPDX-License-Identifier: Apache-2.0
/** Values that must never be seen. Start with {@link io.agentgovernance.secret.Secret}. */
@NullMarked
package io.agentgovernance.secret;

import org.jspecify.annotations.NullMarked;
