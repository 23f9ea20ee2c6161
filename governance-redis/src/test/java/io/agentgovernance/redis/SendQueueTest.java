// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.spi.RunReplica;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a batch leaves. */
class SendQueueTest {
  private static final Duration LONG = Duration.ofDays(1);
  private static final AppendReply ACCEPTED = new AppendReply.Accepted(Set.of());

  private final SendQueue queue = new SendQueue(LONG);

  private boolean add() {
    return queue.add(new Pending<>(UnluckyRun.note("a note"), LONG));
  }

  /** With the turn: sends what waits, and gives the turn back. */
  private Flight sent(int expected) {
    List<Pending<?>> commands = queue.next().commands();
    assertThat(commands).hasSize(expected);
    List<Flight.Decided<?>> decided = new ArrayList<>();
    commands.forEach(each -> decided.add(decided(each)));
    Flight flight =
        new Flight(
            decided,
            new Batch(Instant.EPOCH, commands),
            new RunLog.Request(0, "writer:1", List.of()),
            Attempts.of(RedisOptions.DEFAULT));
    queue.departs(flight);
    assertThat(queue.done()).isTrue();
    return flight;
  }

  private static <R> Flight.Decided<R> decided(Pending<R> pending) {
    return new Flight.Decided<>(
        pending, new RunReplica.Decision<>(Applied.ok(1, null), null, null), -1);
  }

  private void sendTwoAtOnce() {
    assertThat(add()).isTrue();
    assertThat(add()).as("somebody has the turn").isFalse();
  }

  @Test
  void whoComesFirstIsSentAtOnceAndWhoComesBehindOneCommandToo() {
    assertThat(add()).isTrue();
    sent(1);
    assertThat(add()).isTrue();
    sent(1);

    assertThat(add()).as("two are on their way").isFalse();
  }

  @Test
  void behindALargerBatchTheyLeaveWhenTheyAreAsMany() {
    sendTwoAtOnce();
    sent(2);

    assertThat(add()).isFalse();
    assertThat(add()).isTrue();
    sent(2);
  }

  @Test
  void orWhenThatBatchIsAnswered() {
    sendTwoAtOnce();
    Flight first = sent(2);
    assertThat(add()).isFalse();

    assertThat(queue.arrives(first, ACCEPTED, null)).as("takes the turn").isTrue();
    assertThat(queue.next().landed()).isSameAs(first);
    queue.answered();

    sent(1);
  }
}
