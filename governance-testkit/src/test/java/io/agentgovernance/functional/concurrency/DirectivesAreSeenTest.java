// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentBody;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryMessageBus;
import io.agentgovernance.spi.ForwardingRunStore;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A directive is a notice for whoever can have its message, however late that is announced. */
@Timeout(120)
class DirectivesAreSeenTest {
  private static final String NOTICE = "Directive: go on";

  /** Both are in their bodies: else one of them might be who announces, and be held for it. */
  private final CountDownLatch ready = new CountDownLatch(2);

  private final CountDownLatch sent = new CountDownLatch(1);
  private final CountDownLatch looked = new CountDownLatch(2);
  private final Held held = new Held();
  private final List<String> told = new CopyOnWriteArrayList<>();

  /** A store that announces messages late. */
  private final class Late extends ForwardingRunStore {
    Late(RunStore real) {
      super(real);
    }

    @Override
    public AutoCloseable follow(Consumer<Change> listener) {
      return super.follow(
          change -> {
            if (change.command() instanceof Command.Send) {
              sent.countDown();
              held.deaf();
            }
            listener.accept(change);
          });
    }
  }

  /** A bus whose call returns late: then the runtime knows of the message. */
  private final class LateBus implements MessageBus {
    private final MessageBus real = new MemoryMessageBus();

    @Override
    public AgentMessage publish(AgentMessage message) {
      AgentMessage published = real.publish(message);
      sent.countDown();
      held.deaf();
      return published;
    }

    @Override
    public List<AgentMessage> read(RunId run, AgentId recipient, long after, int limit) {
      return real.read(run, recipient, after, limit);
    }

    @Override
    public AutoCloseable subscribe(RunId run, Consumer<AgentMessage> handler) {
      return real.subscribe(run, handler);
    }

    @Override
    public void release(RunId run) {
      real.release(run);
    }

    @Override
    public void close() {
      real.close();
    }
  }

  @Test
  void whoReceivesTheMessageHasTheNotice() {
    run(builder(), this::receives);

    assertThat(told).containsExactly(NOTICE, NOTICE);
  }

  @Test
  void whoAsksForNoticesHasIt() {
    run(builder(), this::looks);

    assertThat(told).containsExactly(NOTICE, NOTICE);
  }

  @Test
  void whoReceivesTheMessageFromABusOfTheHostHasTheNotice() {
    run(Orchestrator.builder().messageBus(new LateBus()), this::receives);

    assertThat(told).containsExactly(NOTICE, NOTICE);
  }

  @Test
  void overABusOfTheHostItIsANoticeWithoutBeingReceived() {
    var bus = new LateBus();
    held.release();

    run(Orchestrator.builder().messageBus(bus), this::waits);

    assertThat(told).containsExactly(NOTICE, NOTICE);
  }

  private OrchestratorBuilder builder() {
    return Orchestrator.builder().blackboard(new KeptStores(TimeSource.system(), Late::new));
  }

  private String receives(AgentContext ctx) {
    ready.countDown();
    Held.reached(sent);
    assertThat(ctx.receive(Duration.ZERO)).isPresent();
    return notes(ctx);
  }

  private String waits(AgentContext ctx) {
    ready.countDown();
    while (ctx.notices().isEmpty()) {
      boolean unused = ctx.awaitChange(ctx.proposals(), Duration.ofMillis(50));
    }
    return notes(ctx);
  }

  private String looks(AgentContext ctx) {
    ready.countDown();
    Held.reached(sent);
    return notes(ctx);
  }

  private String notes(AgentContext ctx) {
    told.addAll(ctx.notices());
    looked.countDown();
    held.deaf();
    assertThat(ctx.notices()).as("once").hasSize(1);
    return "done";
  }

  private void run(OrchestratorBuilder builder, AgentBody<String> body) {
    Agent mediator =
        Agent.of(
            "GAMMA",
            ctx -> {
              Held.reached(ready);
              ctx.mediation().orElseThrow().directAll("go on");
              return "";
            });
    try (Orchestrator orchestrator =
        builder
            .complexity((objective, documents) -> 1)
            .team(Runs.pair(body, body).mediator(mediator))
            .build()) {
      Orchestration run = orchestrator.start(RunRequest.of("Go on"));
      Held.reached(looked);
      held.release();
      assertThat(Runs.result(run).status()).isEqualTo(PipelineStatus.COMPLETED);
    }
  }
}
