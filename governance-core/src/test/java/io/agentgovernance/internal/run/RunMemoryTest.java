// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.internal.memory.SerialDelivery;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What was learned is never remembered without what was done before it, and the other way round.
 */
class RunMemoryTest {
  private static final RunId RUN = RunId.of("run");
  private static final Digest REQUEST = Digest.sha256("request");
  private static final int AGENTS = 8;
  private static final int CHANGES = 150;

  private final MemoryCheckpointStore store = new MemoryCheckpointStore();

  /** Whether an entry says what its agent did before it; saying nothing is for the control. */
  private enum Order {
    KEPT,
    UNKNOWN
  }

  @Test
  void anEntryWaitsForTheChangeBeforeIt() {
    RunMemory memory = memory();
    AgentId agent = RUN.agent(AgentRole.of("one"));

    memory.journaled(entry(agent, 1), 1);
    memory.flush();
    assertThat(stored()).isEmpty();

    memory.changed(change(agent, 1));
    memory.flush();
    assertThat(stored()).hasSize(2);
    assertThat(problems(stored())).isEmpty();
  }

  @Test
  void anEntryThatDoesNotSayWhatCameBeforeItComesTooEarly() {
    RunMemory memory = memory();
    AgentId agent = RUN.agent(AgentRole.of("one"));

    memory.journaled(entry(agent, 1), 0);
    memory.flush();

    assertThat(problems(stored())).as("the test can fail").isNotEmpty();
  }

  @Test
  void manyAgentsOfManyRunsNeverLeaveOneWithoutTheOther() throws Exception {
    for (int run = 0; run < 40; run++) {
      assertThat(problems(stress(Order.KEPT))).isEmpty();
    }
  }

  @Test
  void withoutTheOrderTheStressFindsIt() throws Exception {
    int found = 0;
    for (int run = 0; run < 200 && found == 0; run++) {
      found = problems(stress(Order.UNKNOWN)).size();
    }
    assertThat(found).as("the test can fail").isPositive();
  }

  private static List<Delta> stress(Order order) throws Exception {
    MemoryCheckpointStore store = new MemoryCheckpointStore();
    RunMemory memory = new RunMemory(store, RUN, store.claim(RUN, 0).orElseThrow());
    Shared shared = new Shared(memory);
    ExecutorService threads = Executors.newFixedThreadPool(AGENTS);
    try {
      CyclicBarrier barrier = new CyclicBarrier(AGENTS);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < AGENTS; i++) {
        AgentId agent = RUN.agent(AgentRole.of("agent" + i));
        all.add(
            threads.submit(
                () -> {
                  barrier.await(20, TimeUnit.SECONDS);
                  for (int n = 1; n <= CHANGES; n++) {
                    long made = shared.change(agent);
                    memory.journaled(entry(agent, (int) made), order == Order.KEPT ? made : 0);
                    if (n % 3 == 0 && order == Order.KEPT) {
                      memory.flush(made);
                    } else {
                      memory.flush();
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get(20, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    memory.flush();
    return store.read(RUN, 0, Integer.MAX_VALUE);
  }

  /** Numbers changes and announces them in order, by whichever thread is at it. */
  private static final class Shared {
    private final SerialDelivery<Change> delivery;
    private long sequence;

    Shared(RunMemory memory) {
      delivery = new SerialDelivery<>(memory::changed);
    }

    long change(AgentId agent) {
      long made;
      synchronized (this) {
        made = ++sequence;
        delivery.offer(RunMemoryTest.change(agent, made));
      }
      delivery.drain();
      return made;
    }
  }

  /**
   * What does not fit in a row, any prefix of which a crash may leave: an entry without its change
   * before it, or an agent's change without what it had learned since its last.
   */
  private static List<String> problems(List<Delta> deltas) {
    List<String> problems = new ArrayList<>();
    Map<AgentId, Long> changed = new HashMap<>();
    Map<AgentId, Long> learned = new HashMap<>();
    for (Delta delta : deltas) {
      if (delta instanceof Delta.Changed c && c.command() instanceof Command.Heartbeat beat) {
        long before = changed.getOrDefault(beat.agent(), 0L);
        if (learned.getOrDefault(beat.agent(), 0L) < before) {
          problems.add("change " + c.sequence() + " comes before what was learned at " + before);
        }
        changed.put(beat.agent(), c.sequence());
      } else if (delta instanceof Delta.Journaled journaled) {
        JournalEntry entry = journaled.entry();
        if (changed.getOrDefault(entry.agent(), 0L) < entry.ordinal()) {
          problems.add("what was learned at " + entry.ordinal() + " comes before it");
        }
        learned.put(entry.agent(), (long) entry.ordinal());
      }
    }
    return problems;
  }

  private RunMemory memory() {
    return new RunMemory(store, RUN, store.claim(RUN, 0).orElseThrow());
  }

  private List<Delta> stored() {
    return store.read(RUN, 0, Integer.MAX_VALUE);
  }

  private static Change change(AgentId agent, long sequence) {
    return new Change(sequence, Instant.EPOCH, new Command.Heartbeat(agent, 1), null, List.of());
  }

  private static JournalEntry entry(AgentId agent, int after) {
    return new JournalEntry(
        agent,
        AgentPhase.EXECUTE,
        1,
        after,
        "get",
        REQUEST,
        JournalEntry.Outcome.OK,
        Payload.empty());
  }
}
