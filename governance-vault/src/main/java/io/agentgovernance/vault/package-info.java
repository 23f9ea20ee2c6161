// SPDX-License-Identifier: Apache-2.0
/** Secrets and tier credentials from HashiCorp Vault or OpenBao. */
@NullMarked
package io.agentgovernance.vault;

import org.jspecify.annotations.NullMarked;
