// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

/**
 * Unwinds a body that waits for a person, so that it holds no thread. An error, so that a body's
 * {@code catch (Exception e)} lets it through; one that catches everything is unwound at its next
 * call.
 */
final class Suspended extends Error {
  private static final long serialVersionUID = 1L;

  Suspended() {
    super("waits for a person; let this through", null, false, false);
  }
}
