// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryMessageBus;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CoordinationUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class MemoryMessageBusTest extends MessageBusContract {
  private final RunId run = RunId.random();

  @Override
  protected MessageBus open() {
    return new MemoryMessageBus();
  }

  private AgentMessage message(String id, Payload content) {
    return new AgentMessage(
        run, id, 0, run.agent(AgentRole.ALPHA), 1, null, content, LiveRun.START);
  }

  private AgentMessage message(String id) {
    return message(id, Payload.text(id));
  }

  @Test
  void refusesMoreMessagesThanItMayHold() {
    try (var bus = new MemoryMessageBus()) {
      Payload content = Payload.text("same");
      for (int i = 0; i < MemoryMessageBus.MAX_MESSAGES; i++) {
        bus.publish(message("m" + i, content));
      }

      assertThatThrownBy(() -> bus.publish(message("one more")))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("100000");
      assertThat(bus.publish(message("m7", content)).sequence()).isEqualTo(8);
      bus.release(run);
      assertThat(bus.publish(message("one more")).sequence()).isEqualTo(1);
    }
  }

  @Test
  void refusesAMessageThatIsTooLargeWithoutQuotingIt() {
    try (var bus = new MemoryMessageBus()) {
      Payload large = Payload.text("secret".repeat(MemoryMessageBus.MAX_CONTENT_BYTES / 6 + 1));

      assertThatThrownBy(() -> bus.publish(message("m1", large)))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("m1")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void forgetsAReleasedRunAndItsHandlers() {
    try (var bus = new MemoryMessageBus()) {
      List<AgentMessage> seen = new ArrayList<>();
      bus.subscribe(run, seen::add);
      bus.publish(message("m1"));

      bus.release(run);
      bus.publish(message("m2"));

      assertThat(seen).extracting(AgentMessage::id).containsExactly("m1");
      assertThat(bus.read(run, run.agent(AgentRole.BETA), 0, 10))
          .extracting(AgentMessage::id)
          .containsExactly("m2");
    }
  }

  @Test
  void aHandlerThatPublishesGetsItsOwnMessageAfterTheCurrentOne() {
    try (var bus = new MemoryMessageBus()) {
      List<String> seen = new ArrayList<>();
      bus.subscribe(
          run,
          message -> {
            if (message.id().equals("m1")) {
              bus.publish(message("m2"));
            }
            seen.add(message.id());
          });

      bus.publish(message("m1"));

      assertThat(seen).containsExactly("m1", "m2");
    }
  }

  @Test
  void aHandlerThatFailsStopsNobody() {
    try (var bus = new MemoryMessageBus()) {
      List<String> seen = new ArrayList<>();
      bus.subscribe(
          run,
          message -> {
            throw new IllegalStateException("a handler's mistake");
          });
      bus.subscribe(
          run,
          message -> {
            throw new AssertionError("another one's");
          });
      bus.subscribe(run, message -> seen.add(message.id()));

      bus.publish(message("m1"));
      bus.publish(message("m2"));

      assertThat(seen).containsExactly("m1", "m2");
    }
  }

  @Test
  void holdsNoLockWhileAHandlerRuns() {
    try (var bus = new MemoryMessageBus()) {
      Set<String> seen = ConcurrentHashMap.newKeySet();
      var entered = new CountDownLatch(1);
      var published = new CountDownLatch(1);
      var delivered = new CountDownLatch(2);
      bus.subscribe(
          run,
          message -> {
            entered.countDown();
            Together.await(published);
            seen.add(message.id());
            delivered.countDown();
          });

      Together.run(
          2,
          i -> {
            if (i == 0) {
              bus.publish(message("m0"));
            } else {
              Together.await(entered); // the other thread is in the handler, and this one gets on
              bus.publish(message("m1"));
              assertThat(bus.read(run, run.agent(AgentRole.BETA), 0, 10)).hasSize(2);
              published.countDown();
            }
            return i;
          });

      Together.await(delivered);
      assertThat(seen).containsExactlyInAnyOrder("m0", "m1");
    }
  }

  @Test
  void refusesEverythingOnceItIsClosed() {
    var bus = new MemoryMessageBus();
    bus.close();

    assertThatThrownBy(() -> bus.publish(message("m1")))
        .isInstanceOf(CoordinationUnavailableException.class);
    assertThatThrownBy(() -> bus.read(run, run.agent(AgentRole.BETA), 0, 1))
        .isInstanceOf(CoordinationUnavailableException.class);
    assertThatThrownBy(() -> bus.subscribe(run, message -> {}))
        .isInstanceOf(CoordinationUnavailableException.class);
  }
}
