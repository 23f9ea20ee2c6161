// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.testkit.redis.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class MessageConsumerTest {
  private static final int KILLS = Boolean.getBoolean("governance.soak") ? 50 : 2;
  private static final Duration IDLE = Duration.ofMillis(150);
  private static final Duration LONG = Duration.ofHours(1);
  private static final RedisServer REDIS = SharedServers.single();

  private final RunId run = RunId.random();
  private RedisMessageBus bus;

  @BeforeEach
  void open() {
    bus = RedisMessageBus.builder(REDIS.uri()).open();
  }

  @AfterEach
  void close() {
    bus.close();
  }

  @Test
  void eachMessageIsHandledByOneOfAGroupAndByEveryGroup() {
    Messages.publish(bus, run, 0, 50);
    List<String> shared = new CopyOnWriteArrayList<>();
    List<String> alone = new CopyOnWriteArrayList<>();
    bus.consumer(run, "shared", "a").start(d -> shared.add(d.message().id()));
    bus.consumer(run, "shared", "b").start(d -> shared.add(d.message().id()));
    bus.consumer(run, "alone", "a").start(d -> alone.add(d.message().id()));
    Messages.publish(bus, run, 50, 100);

    Eventually.until("both groups have all", () -> shared.size() >= 100 && alone.size() >= 100);

    assertThat(shared).hasSize(100).doesNotHaveDuplicates();
    assertThat(alone)
        .as("one consumer gets them in order")
        .containsExactlyElementsOf(
            Messages.sequences(100).stream().map(n -> String.valueOf(n - 1)).toList());
    Eventually.until("all are acknowledged", () -> pending("shared") + pending("alone") == 0);
  }

  private long pending(String group) {
    List<?> summary =
        (List<?>) REDIS.command("XPENDING", RedisKeys.of(TenantId.DEFAULT, run).messages(), group);
    return (Long) summary.get(0);
  }

  @Test
  void aConsumerKilledBetweenEffectAndAcknowledgementHasItsMessageDeliveredAgain()
      throws Exception {
    Set<String> inbox = new HashSet<>(); // what the host notes together with the effect
    AtomicInteger effects = new AtomicInteger();
    for (int kill = 0; kill < KILLS; kill++) {
      RunId each = RunId.random();
      bus.publish(Messages.of(each, "m" + kill));
      try (ChildJvm consumer =
          ChildJvm.start(ConsumerMain.class, REDIS.uri(), each.value(), "hosts", "killed")) {
        assertThat(consumer.line()).isEqualTo("effect m" + kill + " 1");
        effects.incrementAndGet();
        inbox.add("m" + kill);
        consumer.kill();
      }
      List<Delivery> again = new CopyOnWriteArrayList<>();
      try (MessageConsumer other =
          bus.consumer(each, "hosts", "other")
              .minIdle(IDLE)
              .start(
                  delivery -> {
                    if (inbox.add(delivery.message().id())) {
                      effects.incrementAndGet();
                    }
                    again.add(delivery);
                  })) {
        assertThat(other).isNotNull();
        Eventually.until("it is delivered again", () -> !again.isEmpty());
      }
      assertThat(again).extracting(Delivery::attempt).containsExactly(2L);
      assertThat(again.get(0).message().sequence()).isEqualTo(1);
    }
    assertThat(effects).as("each effect once").hasValue(KILLS);
  }

  @Test
  void withoutTakingOverNobodyWouldGetItAgain() throws Exception {
    bus.publish(Messages.of(run, "lost"));
    try (ChildJvm consumer =
        ChildJvm.start(ConsumerMain.class, REDIS.uri(), run.value(), "hosts", "killed")) {
      assertThat(consumer.line()).isEqualTo("effect lost 1");
      consumer.kill();
    }
    List<String> seen = new CopyOnWriteArrayList<>();
    bus.consumer(run, "hosts", "other").minIdle(LONG).start(d -> seen.add(d.message().id()));
    bus.publish(Messages.of(run, "next"));

    Eventually.until("the next one is handled", () -> !seen.isEmpty());

    Eventually.until("only the lost one is pending", () -> pending("hosts") == 1);
    assertThat(seen).containsExactly("next");
  }

  @Test
  void aProcessThatComesBackGoesOnWithWhatItHadNotFinished() throws Exception {
    bus.publish(Messages.of(run, "m"));
    try (ChildJvm consumer =
        ChildJvm.start(ConsumerMain.class, REDIS.uri(), run.value(), "hosts", "same")) {
      assertThat(consumer.line()).isEqualTo("effect m 1");
      consumer.kill();
    }
    List<Delivery> again = new CopyOnWriteArrayList<>();

    bus.consumer(run, "hosts", "same").minIdle(LONG).start(again::add);

    Eventually.until("it is delivered again at once", () -> !again.isEmpty());
    assertThat(again).extracting(Delivery::attempt).containsExactly(2L);
    Eventually.until("it is acknowledged", () -> pending("hosts") == 0);
  }

  @Test
  void aMessageThatKillsItsProcessIsADeadLetterAfterFiveDeliveries() throws Exception {
    bus.publish(Messages.of(run, "poison"));
    for (int attempt = 1; attempt <= MessageConsumer.MOST_DELIVERIES; attempt++) {
      try (ChildJvm consumer =
          ChildJvm.start(ConsumerMain.class, REDIS.uri(), run.value(), "hosts", "same")) {
        assertThat(consumer.line()).isEqualTo("effect poison " + attempt);
        consumer.kill();
      }
    }
    try (ChildJvm consumer =
        ChildJvm.start(ConsumerMain.class, REDIS.uri(), run.value(), "hosts", "same")) {
      assertThat(consumer.line()).isEqualTo("dead poison 5");
      Eventually.until("it is a dead letter", () -> dead().size() == 1);
    }
    assertThat(pending("hosts")).isZero();
  }

  private List<?> dead() {
    return (List<?>)
        REDIS.command("XRANGE", RedisKeys.of(TenantId.DEFAULT, run).deadMessages(), "-", "+");
  }

  @Test
  void tenPoisonMessagesAreDeadLettersAfterExactlyFiveDeliveriesAndTheOthersAreHandled() {
    Map<String, List<Long>> attempts = new ConcurrentHashMap<>();
    List<Delivery> told = new CopyOnWriteArrayList<>();
    AtomicBoolean ledgerFails = new AtomicBoolean(true);
    List<String> handled = new CopyOnWriteArrayList<>();
    Messages.publish(bus, run, 0, 20);

    bus.consumer(run, "hosts", "a")
        .minIdle(Duration.ofMillis(20))
        .onDead(
            dead -> {
              if (ledgerFails.getAndSet(false)) {
                throw new IllegalStateException("the ledger is not available");
              }
              told.add(dead);
            })
        .start(
            delivery -> {
              String id = delivery.message().id();
              attempts
                  .computeIfAbsent(id, each -> new CopyOnWriteArrayList<>())
                  .add(delivery.attempt());
              if (Integer.parseInt(id) % 2 == 0) {
                throw new IllegalStateException("poison");
              }
              handled.add(id);
            });

    Eventually.until("ten are dead letters", () -> dead().size() == 10);
    assertThat(handled).hasSize(10);
    List<Long> five = List.of(1L, 2L, 3L, 4L, 5L);
    for (int i = 0; i < 20; i += 2) {
      assertThat(attempts.get(String.valueOf(i))).as("%s", i).isEqualTo(five);
    }
    assertThat(told).hasSize(10).extracting(Delivery::attempt).containsOnly(5L);
    assertThat(told).extracting(d -> d.message().id()).doesNotHaveDuplicates();
    Eventually.until("nothing is pending", () -> pending("hosts") == 0);
    assertThat((Long) REDIS.command("PTTL", RedisKeys.of(TenantId.DEFAULT, run).deadMessages()))
        .as("dead letters go by themselves, too")
        .isPositive();
  }

  @Test
  void aServerThatLostItsStreamIsConsumedFromTheBeginning() {
    try (RedisServer redis = RedisServer.start();
        var other = RedisMessageBus.builder(redis.uri()).open()) {
      List<String> seen = new CopyOnWriteArrayList<>();
      other.consumer(run, "hosts", "a").start(d -> seen.add(d.message().id()));
      other.publish(Messages.of(run, "before"));
      Eventually.until("it is handled", () -> seen.size() == 1);

      redis.command("FLUSHALL");
      other.publish(Messages.of(run, "after"));

      Eventually.until("it goes on", () -> seen.size() == 2);
      assertThat(seen).containsExactly("before", "after");
    }
  }

  @Test
  void closingWaitsForTheMessageThatIsBeingHandled() {
    var entered = new CountDownLatch(1);
    List<String> order = new ArrayList<>();
    MessageConsumer consumer =
        bus.consumer(run, "hosts", "a")
            .start(
                delivery -> {
                  entered.countDown();
                  order.add("handled " + delivery.message().id());
                });
    AgentMessage unused = bus.publish(Messages.of(run, "m"));
    Eventually.until("it is being handled", () -> entered.getCount() == 0);
    consumer.close();
    consumer.close();

    assertThat(order).containsExactly("handled m");
    assertThat(pending("hosts")).isZero();
  }
}
