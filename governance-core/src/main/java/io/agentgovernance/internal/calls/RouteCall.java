// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import java.time.Duration;

/**
 * One model call of an agent, as the runtime sees it. The router calls all methods on the agent's
 * thread, except {@link #abortAttempt}. What they throw passes through the router unchanged.
 */
public interface RouteCall {

  /**
   * Called before each attempt, with the breaker's leave: for the first of a route, reserve budget
   * and write the INTENT.
   *
   * @param attempt which attempt on this route, beginning with 1
   * @throws InterruptedException if the thread is interrupted; the call then ends
   */
  void beforeAttempt(ModelRoute route, int attempt) throws InterruptedException;

  /** Returns the request for this route; called after {@link #beforeAttempt}. */
  ChatRequest request(ModelRoute route);

  /**
   * Returns a fresh exchange for an attempt.
   *
   * @param timeout how long the attempt may take: the route's timeout or what remains, if less
   */
  Exchange exchange(ModelRoute route, int attempt, Duration timeout);

  /**
   * Aborts the exchange made last, whose timeout has passed. Called on the time source's thread;
   * must not block. Never called once the attempt has ended, so it cannot hit the next one.
   */
  void abortAttempt();

  /**
   * Called when a route was tried and is given up, once for each such route, also for the last one.
   *
   * @param error how its last attempt ended
   */
  void failedRoute(ModelRoute route, ModelException error);

  /**
   * Called when an attempt has failed and its route is to be tried again, before the pause. By
   * default does nothing.
   *
   * @param error how the attempt ended
   */
  default void retrying(ModelRoute route, ModelException error) {}

  /** Says whether the agent, its run or its time is stopped. */
  boolean cancelled();

  /** Returns the time left for the whole call; zero when it is over. */
  Duration remaining();

  /**
   * Waits between two attempts.
   *
   * @return false if the call was cancelled meanwhile
   * @throws InterruptedException if the thread is interrupted; the call then ends
   */
  boolean pause(Duration wait) throws InterruptedException;
}
