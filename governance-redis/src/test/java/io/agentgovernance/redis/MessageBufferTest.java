// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.core.RunId;
import io.agentgovernance.redis.BusSubscription.Refill;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageBufferTest {
  private final RunId run = RunId.random();
  private final MessageBuffer buffer = new MessageBuffer(Refill.ON);

  private AgentMessage published(long sequence) {
    return published(sequence, "json " + sequence);
  }

  private AgentMessage published(long sequence, String json) {
    AgentMessage message = Messages.of(run, "m" + sequence).withSequence(sequence);
    buffer.published(message, json);
    return message;
  }

  private void announced(long sequence) {
    buffer.announced(sequence + " json " + sequence);
  }

  /** Sequences as they are delivered; 0 for a page that is to be read from the stream. */
  private List<Long> delivered() {
    List<Long> all = new ArrayList<>();
    if (buffer.claim()) {
      for (MessageBuffer.Next next = buffer.next(); next != null; next = buffer.next()) {
        MessageBuffer.Announced message = next.message();
        all.add(message == null ? 0 : message.sequence());
      }
    }
    return all;
  }

  @Test
  void whatThisProcessPublishedIsThereBeforeItIsAnnouncedAndOnlyOnce() {
    buffer.begin(0);
    AgentMessage first = published(1);

    assertThat(buffer.claim()).isTrue();
    MessageBuffer.@Nullable Next next = buffer.next();
    assertThat(next).isNotNull();
    assertThat(next.message()).isNotNull();
    assertThat(next.message().message()).isSameAs(first);
    assertThat(buffer.next()).isNull();
    announced(1);
    assertThat(delivered()).isEmpty();
  }

  @Test
  void whatThisProcessPublishedWaitsForItsAnnouncementIfItIsNotTheNext() {
    buffer.begin(0);
    AgentMessage unused = published(2);

    assertThat(buffer.more()).as("nothing is missing: the first is on its way").isFalse();
    assertThat(delivered()).isEmpty();
    announced(1);
    announced(2);
    assertThat(delivered()).containsExactly(1L, 2L);
  }

  @Test
  void anAnnouncementThatIsNotTheNextSendsToTheStream() {
    buffer.begin(0);
    announced(2);

    assertThat(delivered()).containsExactly(0L);
  }

  @Test
  void whatThisProcessPublishedDoesNotOvertakeWhatIsReadFromTheStream() {
    buffer.begin(0);
    buffer.look();
    AgentMessage unused = published(1);
    assertThat(buffer.size()).isZero();

    assertThat(buffer.claim()).isTrue();
    assertThat(buffer.next()).isEqualTo(new MessageBuffer.Next(null, 0));
    AgentMessage again = published(1);
    assertThat(buffer.size()).isZero();
    announced(1);
    buffer.read(1, 1);
    assertThat(buffer.next()).isNull();
    assertThat(again.sequence()).isEqualTo(1);
  }

  @Test
  void whatThisProcessPublishedIsBoundedAsAnnouncementsAre() {
    buffer.begin(0);
    String half = "x".repeat(BusSubscription.MOST_CHARACTERS / 2);
    for (long sequence = 1; sequence <= 3; sequence++) {
      AgentMessage unused = published(sequence, half);
    }

    assertThat(buffer.size()).isEqualTo(2);
    buffer.announced("3");
    assertThat(delivered()).containsExactly(1L, 2L, 0L);
  }

  @Test
  void nothingIsTakenBeforeItBeginsNorAfterItHasEnded() {
    AgentMessage early = published(1);
    buffer.begin(0);
    buffer.close();
    AgentMessage late = published(1);

    assertThat(early).isEqualTo(late);
    assertThat(buffer.size()).isZero();
  }
}
