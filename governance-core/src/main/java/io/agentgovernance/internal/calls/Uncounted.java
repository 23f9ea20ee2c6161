// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

/**
 * Marks exceptions that count for nothing: neither an agent's error budget nor a breaker is charged
 * for them, because nothing was tried.
 */
public interface Uncounted {}
