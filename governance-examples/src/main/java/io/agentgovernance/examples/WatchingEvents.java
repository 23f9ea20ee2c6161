// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.Orchestration;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventStream;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.event.MetricsCollector;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Three ways to watch a run: pull its events, be called with them, count them. */
public final class WatchingEvents {
  private WatchingEvents() {}

  public static void main(String[] args) throws InterruptedException {
    List<String> votes = new CopyOnWriteArrayList<>();
    // tag::listen[]
    MetricsCollector metrics = new MetricsCollector();
    try (var orchestrator =
        Orchestrator.builder().model("local:").listener(metrics).build()) { // of every run
      Orchestration run = orchestrator.start(RunRequest.of("Name the service"));
      // end::listen[]

      // tag::push[]
      // From now on, on a thread of the library. Whoever needs all of them uses events(0).
      run.subscribe(
          event -> {
            if (event.type().equals(EventTypes.VOTE_CAST)) {
              votes.add(event.data().at("/choice").orElseThrow().text());
            }
          });
      // end::push[]

      // tag::pull[]
      long seen = 0;
      try (EventStream events = run.events(0)) { // those that were, then those to come
        for (Event event : events) {
          seen = event.sequence();
          System.out.println(seen + " " + event.type());
          if (event.type().equals(EventTypes.CONSENSUS_REACHED)) {
            break; // as if the connection were lost
          }
        }
      }
      // end::pull[]

      // tag::resume[]
      try (EventStream rest = run.events(seen)) { // goes on behind the last one it had
        for (Event event : rest) {
          if (event.terminal()) {
            System.out.println(event.json());
          }
        }
      }
      // end::resume[]
      System.out.println(run.await().status());
    }

    // tag::metrics[]
    // Closing the orchestrator waits until its listeners have had the last event.
    var totals = metrics.snapshot().totals();
    System.out.println(totals.modelCalls() + " model calls, " + totals.errors() + " errors");
    // end::metrics[]
    System.out.println("votes pushed: " + votes);
  }
}
