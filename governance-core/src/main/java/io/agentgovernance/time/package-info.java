// SPDX-License-Identifier: Apache-2.0

/**
 * Time and threads come in from outside.
 *
 * <p>Start with {@link TimeSource}: every wait in the library goes through one, so that a test can
 * put its own in place. {@link Workers} says what threads agents run on.
 */
@NullMarked
package io.agentgovernance.time;

import org.jspecify.annotations.NullMarked;
