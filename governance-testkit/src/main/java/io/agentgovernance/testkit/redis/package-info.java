// SPDX-License-Identifier: Apache-2.0
/**
 * Real Redis servers for tests, without Docker.
 *
 * <p>Start with {@link io.agentgovernance.testkit.redis.RedisServer}: it runs the {@code
 * redis-server} of the machine, or the one that {@code com.github.codemonstur:embedded-redis} has,
 * if that is on the class path. Nothing here needs a library.
 */
@NullMarked
package io.agentgovernance.testkit.redis;

import org.jspecify.annotations.NullMarked;
