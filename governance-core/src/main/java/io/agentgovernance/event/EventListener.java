// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.event;

/**
 * Is told of every event of a run, one at a time and in order, on a thread of the library that no
 * agent uses.
 *
 * <p>It may block: that delays nobody but itself, and when too many events wait for it the oldest
 * are dropped and counted, never the terminal one. What it throws is logged with its class, and the
 * next event follows. A listener of several runs is called by several threads at once.
 */
@FunctionalInterface
public interface EventListener {

  /** Takes one event. */
  void onEvent(Event event);
}
