// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link MessageBus} has to do. Extend it in the tests of a bus. */
public abstract class MessageBusContract {
  private @Nullable MessageBus opened;
  private final RunId run = RunId.random();
  private final AgentId alpha = run.agent(AgentRole.ALPHA);
  private final AgentId beta = run.agent(AgentRole.BETA);
  private final AgentId gamma = run.agent(AgentRole.GAMMA);

  /** Makes the contract; JUnit makes one for each fact. */
  protected MessageBusContract() {}

  /** Opens the bus. */
  protected abstract MessageBus open();

  @BeforeEach
  final void openBus() {
    opened = open();
  }

  @AfterEach
  final void closeBus() {
    bus().close();
  }

  private MessageBus bus() {
    MessageBus bus = opened;
    if (bus == null) {
      throw new IllegalStateException("not open");
    }
    return bus;
  }

  private AgentMessage message(String id, AgentId from, @Nullable AgentId to) {
    return new AgentMessage(run, id, 0, from, 7, to, Payload.text(id), LiveRun.START);
  }

  private List<String> read(AgentId recipient) {
    return bus().read(run, recipient, 0, 10_000).stream().map(AgentMessage::id).toList();
  }

  @Test
  final void publishesAMessageWithItsSequenceAndNothingElseChanged() {
    AgentMessage message = message("m1", alpha, beta);

    AgentMessage published = bus().publish(message);

    assertThat(published.sequence()).isPositive();
    assertThat(published).isEqualTo(message.withSequence(published.sequence()));
    assertThat(bus().read(run, beta, 0, 10)).containsExactly(published);
  }

  @Test
  final void deliversToTheRecipientOrToAllOthers() {
    bus().publish(message("to beta", alpha, beta));
    bus().publish(message("to all", alpha, null));
    bus().publish(message("from gamma", gamma, null));

    assertThat(read(alpha)).containsExactly("from gamma");
    assertThat(read(beta)).containsExactly("to beta", "to all", "from gamma");
    assertThat(read(gamma)).containsExactly("to all");
  }

  @Test
  final void answersARepeatedIdWithTheFirstSequence() {
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    var arrived = new CountDownLatch(2);
    List<AgentMessage> published = new ArrayList<>();

    following(
        collect(seen, arrived),
        () -> {
          published.addAll(Together.run(16, i -> bus().publish(message("m1", alpha, beta))));
          bus().publish(message("m2", alpha, beta));
          Together.await(arrived);
        });

    assertThat(published).containsOnly(published.get(0));
    assertThat(seen).extracting(AgentMessage::id).containsExactly("m1", "m2");
    assertThat(read(beta)).containsExactly("m1", "m2");
  }

  @Test
  final void pagesAfterASequence() {
    List<AgentMessage> sent = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      sent.add(bus().publish(message("m" + i, alpha, beta)));
      bus().publish(message("other" + i, alpha, gamma));
    }

    assertThat(bus().read(run, beta, 0, 3)).isEqualTo(sent.subList(0, 3));
    assertThat(bus().read(run, beta, sent.get(2).sequence(), 3)).isEqualTo(sent.subList(3, 6));
    assertThat(bus().read(run, beta, sent.get(6).sequence(), 3)).isEmpty();
    assertThat(bus().read(run, beta, Long.MAX_VALUE, 3)).isEmpty();
    assertThat(bus().read(run, beta, 0, 0)).isEmpty();
  }

  @Test
  final void delivers16PublishersToAllInOneOrder() {
    int all = 16 * 200;
    List<AgentMessage> one = new CopyOnWriteArrayList<>();
    List<AgentMessage> two = new CopyOnWriteArrayList<>();
    var arrived = new CountDownLatch(2 * all);
    List<List<AgentMessage>> published = new ArrayList<>();

    following(
        collect(one, arrived),
        () ->
            following(
                collect(two, arrived),
                () -> {
                  published.addAll(
                      Together.run(
                          16,
                          i -> {
                            AgentId sender = run.agent(AgentRole.of("sender" + i));
                            List<AgentMessage> mine = new ArrayList<>();
                            for (int n = 0; n < 200; n++) {
                              mine.add(bus().publish(message(i + "/" + n, sender, null)));
                            }
                            return mine;
                          }));
                  Together.await(arrived);
                }));

    assertThat(one).hasSize(all).isEqualTo(two).isEqualTo(bus().read(run, alpha, 0, all + 1));
    assertThat(one).extracting(AgentMessage::sequence).isSorted().doesNotHaveDuplicates();
    for (List<AgentMessage> mine : published) {
      AgentId sender = mine.get(0).from();
      assertThat(one.stream().filter(m -> m.from().equals(sender)))
          .as("in the order %s published them", sender)
          .containsExactlyElementsOf(mine);
    }
  }

  @Test
  final void losesNothingBetweenPublishAndRead() {
    AgentMessage published = bus().publish(message("m1", alpha, beta));
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    var arrived = new CountDownLatch(1);

    following(
        collect(seen, arrived),
        () -> {
          bus().publish(message("m2", alpha, beta));
          Together.await(arrived);
        });

    assertThat(seen).as("from now on").extracting(AgentMessage::id).containsExactly("m2");
    assertThat(bus().read(run, beta, 0, 1)).containsExactly(published);
    assertThat(read(beta)).containsExactly("m1", "m2");
  }

  @Test
  final void deliversNothingAfterTheEndOfASubscription() {
    List<AgentMessage> ended = new CopyOnWriteArrayList<>();
    List<AgentMessage> seen = new CopyOnWriteArrayList<>();
    var arrived = new CountDownLatch(1);
    following(ended::add, () -> {});

    following(
        collect(seen, arrived),
        () -> {
          bus().publish(message("m1", alpha, beta));
          Together.await(arrived);
        });

    assertThat(seen).hasSize(1);
    assertThat(ended).isEmpty();
  }

  @Test
  final void keepsRunsApart() {
    RunId other = RunId.random();
    bus().publish(message("m1", alpha, null));

    assertThat(bus().read(other, beta, 0, 10)).isEmpty();
    bus().release(other);
    bus().release(other);
    assertThat(read(beta)).containsExactly("m1");
  }

  @Test
  final void releasesAndClosesTwice() {
    bus().publish(message("m1", alpha, null));

    assertThatCode(
            () -> {
              bus().release(run);
              bus().release(run);
              bus().close();
              bus().close();
            })
        .doesNotThrowAnyException();
  }

  private void following(Consumer<AgentMessage> handler, Runnable steps) {
    AutoCloseable subscription = bus().subscribe(run, handler);
    try (subscription) {
      steps.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("the subscription could not be ended", e);
    }
  }

  private static Consumer<AgentMessage> collect(List<AgentMessage> into, CountDownLatch arrived) {
    return message -> {
      into.add(message);
      arrived.countDown();
    };
  }
}
