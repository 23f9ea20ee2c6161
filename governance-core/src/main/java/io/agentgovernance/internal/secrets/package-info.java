// SPDX-License-Identifier: Apache-2.0
/**
 * How references become secrets. Start with {@link io.agentgovernance.internal.secrets.SecretDesk}.
 */
@NullMarked
package io.agentgovernance.internal.secrets;

import org.jspecify.annotations.NullMarked;
