// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.redis.BusSubscription.Refill;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.testkit.net.FaultProxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that are cut while messages are published. */
@Timeout(180)
class BusFaultTest {
  private static final boolean SOAK = Boolean.getBoolean("governance.soak");
  private static final int MESSAGES = 1_000;
  private static final int RECONNECTS = 20;
  private static final int ROUNDS = SOAK ? 20 : 1;
  private static final int CUTS = SOAK ? 1_000 : 15;

  private final RunId run = RunId.random();
  private FaultProxy proxy;
  private RedisMessageBus publisher;

  @BeforeEach
  void open() {
    proxy = FaultProxy.to(SharedServers.single().port());
    publisher = RedisMessageBus.builder(SharedServers.single().uri()).open();
  }

  @AfterEach
  void close() {
    publisher.close();
    proxy.close();
  }

  private RedisMessageBus behindTheProxy(Refill refill) {
    return RedisMessageBus.builder(behindTheProxy()).refill(refill).open();
  }

  private String behindTheProxy() {
    return "redis://127.0.0.1:" + proxy.port() + "?topology=single";
  }

  @Test
  void aSubscriberThatIsCutOffTwentyTimesGetsAThousandOfAThousandInOrder() {
    for (int round = 0; round < ROUNDS; round++) {
      RunId each = RunId.random();
      List<AgentMessage> seen = new CopyOnWriteArrayList<>();
      try (RedisMessageBus subscriber = behindTheProxy(Refill.ON)) {
        AutoCloseable unused = subscriber.subscribe(each, seen::add);
        for (int cut = 0; cut < RECONNECTS; cut++) {
          int part = MESSAGES / RECONNECTS;
          Messages.publish(publisher, each, cut * part, cut * part + part / 2);
          proxy.cut();
          Messages.publish(publisher, each, cut * part + part / 2, (cut + 1) * part);
          int sent = (cut + 1) * part;
          Eventually.until("what was sent arrives", () -> seen.size() >= sent);
        }
      }
      assertThat(seen)
          .extracting(AgentMessage::sequence)
          .containsExactlyElementsOf(Messages.sequences(MESSAGES));
    }
  }

  @Test
  void withoutTheStreamAnnouncementsAreLost() {
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    try (RedisMessageBus subscriber = behindTheProxy(Refill.OFF)) {
      AutoCloseable unused = subscriber.subscribe(run, seen::add);
      Messages.publish(publisher, run, 0, 10);
      Eventually.until("the first arrive", () -> seen.size() == 10);
      proxy.refuse();
      Messages.publish(publisher, run, 10, 20);
      proxy.heal();
      Eventually.until("it is connected again", () -> proxy.connections() >= 2);
      for (int i = 20; seen.size() == 10; i++) {
        Messages.publish(publisher, run, i, i + 1);
      }
    }
    assertThat(seen).extracting(AgentMessage::sequence).doesNotContain(11L, 15L, 20L);
  }

  @Test
  void whatIsPublishedAlthoughTheAnswerWasLostIsPublishedOnce() {
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    AutoCloseable unused = publisher.subscribe(run, seen::add);
    try (RedisMessageBus cut = behindTheProxy(Refill.ON)) {
      for (int i = 0; i < CUTS; i++) {
        proxy.cutNextResponseTo("EVALSHA");
        assertThat(cut.publish(Messages.of(run, "m" + i)).sequence()).isEqualTo(i + 1L);
      }
    }
    assertThat(proxy.cutResponses()).isEqualTo(CUTS);
    assertThat(publisher.read(run, run.agent(AgentRole.BETA), 0, CUTS + 1)).hasSize(CUTS);
    Eventually.until("all arrive", () -> seen.size() == CUTS);
  }

  @Test
  void aPartitionIsToldWithinTheTimeoutAndGetsOverIt() {
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    String uri = behindTheProxy() + "&commandTimeout=400ms";
    try (RedisMessageBus far = RedisMessageBus.builder(uri).open()) {
      AutoCloseable unused = far.subscribe(run, seen::add);
      proxy.refuse();
      assertThatThrownBy(() -> far.publish(Messages.of(run, "lost")))
          .isInstanceOf(CoordinationUnavailableException.class)
          .hasMessageContaining(run.value());
      Messages.publish(publisher, run, 0, 5);
      proxy.heal();
      Eventually.until("all arrive", () -> seen.size() == 5);
    }
  }
}
