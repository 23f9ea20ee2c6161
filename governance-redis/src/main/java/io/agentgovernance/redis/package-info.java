// SPDX-License-Identifier: Apache-2.0
/** Coordination, message bus and checkpoints on Redis, Valkey or DragonflyDB. */
@NullMarked
package io.agentgovernance.redis;

import org.jspecify.annotations.NullMarked;
