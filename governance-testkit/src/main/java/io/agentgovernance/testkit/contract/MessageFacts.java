// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Facts about messages: ordered, delivered once, and handed off if they were not read. */
interface MessageFacts extends CoordinationFacts {

  @Test
  default void numbersMessagesAndKeepsWhatTheyCarry() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");

    AgentMessage sent = one.ok(one.send("m1", two)).orThrow();

    assertThat(sent.run()).isEqualTo(run.id);
    assertThat(sent.id()).isEqualTo("m1");
    assertThat(sent.sequence()).isPositive();
    assertThat(sent.from()).isEqualTo(one.id);
    assertThat(sent.fence()).isEqualTo(one.lease.token());
    assertThat(sent.to()).isEqualTo(two.id);
    assertThat(sent.content()).isEqualTo(Payload.text("m1"));
    assertThat(run.store.messages(two.id, 0, 10)).containsExactly(sent);
  }

  @Test
  default void deliversToTheRecipientOrToAllOthers() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");
    Actor three = run.agent("three");
    one.ok(one.send("to two", two));
    one.ok(one.send("to all", null));
    three.ok(three.send("from three", null));

    assertThat(ids(run, one, 0, 10)).containsExactly("from three");
    assertThat(ids(run, two, 0, 10)).containsExactly("to two", "to all", "from three");
    assertThat(ids(run, three, 0, 10)).containsExactly("to all");
  }

  @Test
  default void deliversARepeatedMessageOnce() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");
    Applied<AgentMessage> first = one.ok(one.send("m1", two));

    assertThat(one.does(one.send("m1", two))).isEqualTo(Applied.dup(0, first.orThrow()));

    assertThat(ids(run, two, 0, 10)).containsExactly("m1");
  }

  @Test
  default void pagesAfterASequence() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");
    List<AgentMessage> sent = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      sent.add(one.ok(one.send("m" + i, two)).orThrow());
      one.ok(one.send("other" + i, one));
    }

    assertThat(run.store.messages(two.id, 0, 3)).isEqualTo(sent.subList(0, 3));
    assertThat(run.store.messages(two.id, sent.get(2).sequence(), 3)).isEqualTo(sent.subList(3, 6));
    assertThat(run.store.messages(two.id, sent.get(6).sequence(), 3)).isEmpty();
    assertThat(run.store.messages(two.id, Long.MAX_VALUE, 3)).isEmpty();
    assertThat(run.store.messages(two.id, 0, 0)).isEmpty();
  }

  @Test
  default void ordersTheMessagesOf16Senders() {
    LiveRun run = run();
    Actor reader = run.agent("reader");
    List<Actor> senders = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      senders.add(run.agent("sender" + i));
    }

    List<List<AgentMessage>> sent =
        Together.run(
            16,
            i -> {
              List<AgentMessage> mine = new ArrayList<>();
              for (int n = 0; n < 50; n++) {
                Actor sender = senders.get(i);
                mine.add(sender.ok(sender.send(i + "/" + n, n % 2 == 0 ? reader : null)).orThrow());
              }
              return mine;
            });

    List<AgentMessage> read = run.store.messages(reader.id, 0, 10_000);
    assertThat(read).hasSize(800).doesNotHaveDuplicates();
    assertThat(read).extracting(AgentMessage::sequence).isSorted().doesNotHaveDuplicates();
    for (int i = 0; i < 16; i++) {
      Actor sender = senders.get(i);
      assertThat(read.stream().filter(m -> m.from().equals(sender.id)))
          .containsExactlyElementsOf(sent.get(i));
    }
  }

  @Test
  default void refusesAnUnknownRecipientAndTooMuchContent() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor stranger = run().agent("stranger");
    var large =
        new Command.Send(
            one.id, one.lease.token(), "m2", null, Payload.text("v".repeat(4 * 1024 * 1024 + 1)));

    assertRefused(one.does(one.send("m1", stranger)), Status.CONFLICT, "UNKNOWN_RECIPIENT");
    assertRefused(one.does(large), Status.CONFLICT, "LIMIT");
  }

  @Test
  default void handsOffOnlyWhatWasNotAcknowledged() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");
    long second = 0;
    for (int i = 1; i <= 4; i++) {
      long sequence = one.ok(one.send("m" + i, two)).orThrow().sequence();
      second = i == 2 ? sequence : second;
    }

    assertThat(two.ok(two.acknowledge(second)).orThrow()).isEqualTo(second);
    assertThat(two.does(two.acknowledge(1)))
        .as("the cursor never goes back")
        .isEqualTo(Applied.dup(0, second));
    two.ok(two.status(AgentStatus.FAILED));

    assertThat(run.store.handoffs().get(0).unread())
        .extracting(AgentMessage::id)
        .containsExactly("m3", "m4");
  }

  private static List<String> ids(LiveRun run, Actor recipient, long after, int limit) {
    return run.store.messages(recipient.id, after, limit).stream().map(AgentMessage::id).toList();
  }
}
