// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.Team;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryCheckpointStore;
import io.agentgovernance.spi.ForwardingCheckpointStore;
import io.agentgovernance.spi.ForwardingRunStore;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent may see a change of another before it is announced. */
@Timeout(120)
class ReadIsRememberedAfterTest {
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch applied = new CountDownLatch(1);
  private final CountDownLatch read = new CountDownLatch(1);
  private final Held held = new Held();
  private final List<Delta> remembered = new CopyOnWriteArrayList<>();

  /** A store that announces a write late. */
  private class Late extends ForwardingRunStore {
    Late(RunStore real) {
      super(real);
    }

    @Override
    public AutoCloseable follow(Consumer<Change> listener) {
      return super.follow(
          change -> {
            if (change.command() instanceof Command.Write) {
              applied.countDown();
              held.deaf();
            }
            listener.accept(change);
          });
    }
  }

  /** The control: it does not say how far its readers have seen. */
  private final class Silent extends Late {
    Silent(RunStore real) {
      super(real);
    }

    @Override
    public long sequence() {
      return 0;
    }
  }

  private final class Checkpoints extends ForwardingCheckpointStore {
    Checkpoints() {
      super(new MemoryCheckpointStore());
    }

    @Override
    public void append(RunId run, long epoch, List<Delta> deltas) {
      super.append(run, epoch, deltas);
      remembered.addAll(deltas);
    }
  }

  @Test
  void whatItSawIsRememberedAfterTheChange() {
    run(new KeptStores(TimeSource.system(), Late::new));

    assertThat(theRead()).isGreaterThan(theWrite());
  }

  @Test
  void ofAStoreThatDoesNotSayHowFarReadersHaveSeenItIsRememberedBefore() {
    run(new KeptStores(TimeSource.system(), Silent::new));

    assertThat(theRead()).isLessThan(theWrite());
  }

  private void run(KeptStores stores) {
    Team team = Runs.pair(this::finds, this::readsWhatIsNotAnnounced);
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .blackboard(stores)
            .checkpoints(new Checkpoints())
            .team(team)
            .build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Find something"));
      Held.reached(read);
      held.release();
      OrchestrationResult result = Runs.result(run);
      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }

  private String finds(AgentContext ctx) {
    Held.reached(ready);
    return ctx.blackboard().put("found", "it").key();
  }

  private String readsWhatIsNotAnnounced(AgentContext ctx) {
    String own = ctx.durableStep("ready", String.class, () -> "announced");
    assertThat(own).isEqualTo("announced");
    ready.countDown();
    Held.reached(applied);
    String found = ctx.blackboard().get("found").orElseThrow().value().text();
    read.countDown();
    return found;
  }

  private int theWrite() {
    return index(delta -> delta instanceof Delta.Changed c && c.command() instanceof Command.Write);
  }

  private int theRead() {
    return index(delta -> delta instanceof Delta.Journaled j && j.entry().kind().equals("get"));
  }

  private int index(Predicate<Delta> wanted) {
    List<Delta> all = List.copyOf(remembered);
    for (int i = 0; i < all.size(); i++) {
      if (wanted.test(all.get(i))) {
        return i;
      }
    }
    throw new AssertionError("not remembered: " + all);
  }
}
