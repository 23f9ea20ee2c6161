// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import java.util.List;
import java.util.function.Consumer;

/**
 * Carries messages between the agents of a run. The coordination store brings its own; a host may
 * plug another.
 *
 * <p>Thread safe. Messages of one run are totally ordered by the sequence the bus assigns, and
 * nothing is lost between {@link #publish} and {@link #read}. Publishing an id again changes
 * nothing and answers with the first sequence.
 */
public interface MessageBus extends AutoCloseable {

  /** Publishes a message and returns it with its sequence. Blocks for one call of the backend. */
  AgentMessage publish(AgentMessage message);

  /** Messages for {@code recipient} after a sequence, in order, at most {@code limit}. */
  List<AgentMessage> read(RunId run, AgentId recipient, long after, int limit);

  /**
   * Calls {@code handler} for every message of the run published from now on, in order. The handler
   * must be quick and must not throw.
   *
   * @return ends the subscription
   */
  AutoCloseable subscribe(RunId run, Consumer<AgentMessage> handler);

  /** Lets go of a finished run. */
  void release(RunId run);

  /** Closes connections. Idempotent, bounded. */
  @Override
  void close();
}
