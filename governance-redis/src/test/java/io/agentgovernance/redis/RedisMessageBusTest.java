// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RedisMessageBusTest {
  private static final RedisServer REDIS = SharedServers.single();
  private final RunId run = RunId.random();
  private final RedisKeys keys = RedisKeys.of(TenantId.DEFAULT, run);
  private RedisMessageBus bus;

  @BeforeEach
  void open() {
    bus = RedisMessageBus.builder(REDIS.uri()).open();
  }

  @AfterEach
  void close() {
    bus.close();
    bus.close(); // once more is no mistake
  }

  @Test
  void aMessageArrivesAsItWasSentWhateverItHolds() {
    List<Payload> contents =
        List.of(
            Payload.empty(),
            Payload.text(""),
            Payload.text("ü \u2028 \"quoted\" {}"),
            Payload.json("{\"a\":[1,2.50,null,{\"b\":true}]}"),
            Payload.text("x".repeat(RedisMessageBus.ANNOUNCED_BYTES * 3)));
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    List<AgentMessage> sent = new ArrayList<>();
    following(
        seen,
        () -> {
          for (Payload content : contents) {
            sent.add(bus.publish(Messages.of(run, "m" + sent.size(), content)));
          }
          Eventually.until("all arrive", () -> seen.size() == contents.size());
        });

    assertThat(seen).isEqualTo(sent);
    assertThat(bus.read(run, run.agent(AgentRole.BETA), 0, 10)).isEqualTo(sent);
  }

  private void following(List<AgentMessage> seen, Runnable steps) {
    AutoCloseable subscription = bus.subscribe(run, seen::add);
    try (subscription) {
      steps.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("the subscription could not be ended", e);
    }
  }

  @Test
  void aSubscriberOfThePublishersProcessDoesNotWaitForTheAnnouncement() {
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    List<AgentMessage> sent = new ArrayList<>();
    following(
        seen,
        () -> {
          for (int i = 0; i < 200; i++) {
            sent.add(Messages.of(run, "m" + i));
            AgentMessage unused = bus.publish(sent.get(i));
          }
          Eventually.until("all arrive", () -> seen.size() >= 200);
        });

    assertThat(seen).extracting(AgentMessage::sequence).isEqualTo(Messages.sequences(200));
    Set<Payload> own = Collections.newSetFromMap(new IdentityHashMap<>());
    sent.forEach(each -> own.add(each.content()));
    assertThat(seen)
        .as("what is announced is read from its text")
        .extracting(AgentMessage::content)
        .anyMatch(own::contains);
  }

  @Test
  void whatTwoProcessesPublishAtOnceArrivesOnceAndInOrder() throws Exception {
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    AutoCloseable unused = bus.subscribe(run, seen::add);
    try (var other = RedisMessageBus.builder(REDIS.uri()).open()) {
      var publishing = new Thread(() -> Messages.publish(other, run, 500, 1_000));
      publishing.start();
      Messages.publish(bus, run, 0, 500);
      publishing.join();
      Eventually.until("all arrive", () -> seen.size() >= 1_000);
    }

    assertThat(seen).extracting(AgentMessage::sequence).isEqualTo(Messages.sequences(1_000));
    assertThat(seen).extracting(AgentMessage::id).doesNotHaveDuplicates();
  }

  @Test
  void handlersAreNeverCalledByAnEventLoop() {
    Set<String> threads = ConcurrentHashMap.newKeySet();
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    AutoCloseable unused =
        bus.subscribe(
            run,
            message -> {
              threads.add(Thread.currentThread().getName());
              assertThat(bus.read(run, run.agent(AgentRole.BETA), 0, 1)).hasSize(1);
              seen.add(message);
            });
    Messages.publish(bus, run, 0, 20);
    Eventually.until("all arrive", () -> seen.size() == 20);

    assertThat(threads).allMatch(name -> name.startsWith("governance-redis-messages-"));
  }

  @Test
  void aSlowHandlerLosesNothingAndIsNotRunAheadOf() throws Exception {
    int all = 2 * BusSubscription.MOST_MESSAGES;
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    List<AgentMessage> other = new CopyOnWriteArrayList<>();
    var entered = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var slow =
        (BusSubscription)
            bus.subscribe(
                run,
                message -> {
                  entered.countDown();
                  await(go);
                  seen.add(message);
                });
    AutoCloseable quick = bus.subscribe(run, other::add);

    Messages.publish(bus, run, 0, all);
    Eventually.until("the quick one has all", () -> other.size() == all);

    assertThat(entered.getCount()).isZero();
    assertThat(seen).isEmpty();
    assertThat(slow.buffered()).isLessThanOrEqualTo(BusSubscription.MOST_MESSAGES);
    go.countDown();
    Eventually.until("the slow one has all", () -> seen.size() >= all);
    assertThat(seen)
        .extracting(AgentMessage::sequence)
        .containsExactlyElementsOf(Messages.sequences(all));
    quick.close();
    slow.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void bufferedCharactersAreBoundedToo() throws Exception {
    var go = new CountDownLatch(1);
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    var slow =
        (BusSubscription)
            bus.subscribe(
                run,
                message -> {
                  await(go);
                  seen.add(message);
                });
    String text = "x".repeat(RedisMessageBus.ANNOUNCED_BYTES - 500);
    int all = 2 * BusSubscription.MOST_CHARACTERS / text.length();
    for (int i = 0; i < all; i++) {
      bus.publish(Messages.of(run, "m" + i, Payload.text(text)));
    }

    assertThat(slow.buffered()).isLessThan(all / 2 + 2);
    go.countDown();
    Eventually.until("all arrive", () -> seen.size() == all);
    slow.close();
  }

  @Test
  void oneConnectionServesTheAnnouncementsOfAllRuns() throws Exception {
    try (RedisServer redis = RedisServer.start();
        var many = RedisMessageBus.builder(redis.uri()).open()) {
      List<RunId> runs = new ArrayList<>();
      List<AgentMessage> seen = new CopyOnWriteArrayList<>();
      for (int i = 0; i < 100; i++) {
        runs.add(RunId.random());
        AutoCloseable unused = many.subscribe(runs.get(i), seen::add);
      }
      runs.forEach(each -> many.publish(Messages.of(each, "m")));
      Eventually.until("all arrive", () -> seen.size() == 100);

      String clients = String.valueOf(redis.command("CLIENT", "LIST"));
      assertThat(clients.lines().filter(line -> line.contains("agent-governance"))).hasSize(2);
      assertThat(clients.lines().filter(line -> line.contains(" sub=100 "))).hasSize(1);
    }
  }

  @Test
  void aMessageWhoseAnnouncementWasLostIsFound() {
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    following(
        seen,
        () -> {
          Messages.publish(bus, run, 0, 1);
          REDIS.command(
              "XADD", keys.messages(), "2-0", "m", StoredMessage.write(Messages.of(run, "1")));
          REDIS.command("HSET", keys.messageIds(), "last", "2");

          bus.look();

          Eventually.until("it is found", () -> seen.size() == 2);
        });
    assertThat(seen).extracting(AgentMessage::id).containsExactly("0", "1");
  }

  @Test
  void whatIsLeftOfARunGoesByItself() {
    Messages.publish(bus, run, 0, 3);
    long week = (Long) REDIS.command("PTTL", keys.messages());
    assertThat(week).isPositive();
    assertThat((Long) REDIS.command("PTTL", keys.messageIds())).isGreaterThan(week / 2);

    bus.release(run);

    for (String key : List.of(keys.messages(), keys.messageIds())) {
      assertThat((Long) REDIS.command("PTTL", key)).isPositive().isLessThan(week / 2);
    }
    assertThat(bus.read(run, run.agent(AgentRole.BETA), 0, 10))
        .as("for the other processes of the run")
        .hasSize(3);
  }

  @Test
  void refusesMoreMessagesThanARunMayHave() {
    bus.publish(Messages.of(run, "m1"));
    REDIS.command("HSET", keys.messageIds(), "last", String.valueOf(RedisMessageBus.MAX_MESSAGES));

    assertThatThrownBy(() -> bus.publish(Messages.of(run, "m2")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("100000");
    assertThat(bus.publish(Messages.of(run, "m1")).sequence()).isEqualTo(1);
  }

  @Test
  void refusesAMessageThatIsTooLargeWithoutQuotingIt() {
    Payload large = Payload.text("secret".repeat(RedisMessageBus.MAX_CONTENT_BYTES / 6 + 1));

    assertThatThrownBy(() -> bus.publish(Messages.of(run, "m1", large)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("m1")
        .hasMessageNotContaining("secret");
  }

  @Test
  void refusesEverythingOnceItIsClosed() {
    bus.close();

    assertThatThrownBy(() -> bus.publish(Messages.of(run, "m1")))
        .isInstanceOf(CoordinationUnavailableException.class);
    assertThatThrownBy(() -> bus.read(run, run.agent(AgentRole.BETA), 0, 1))
        .isInstanceOf(CoordinationUnavailableException.class);
    assertThatThrownBy(() -> bus.subscribe(run, message -> {}))
        .isInstanceOf(CoordinationUnavailableException.class);
  }
}
