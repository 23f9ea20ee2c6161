// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.agentgovernance.redis;

import org.jspecify.annotations.NullMarked;
