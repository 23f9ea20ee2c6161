// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

/** An {@link EventListener} that is being called. Thread safe. */
public interface Subscription extends AutoCloseable {

  /** Ends the subscription at once; a call under way ends by itself. Further calls do nothing. */
  @Override
  void close();
}
