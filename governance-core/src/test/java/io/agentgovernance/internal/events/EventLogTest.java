// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import static io.agentgovernance.internal.events.Changes.ALPHA;
import static io.agentgovernance.internal.events.Changes.BETA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventStream;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private static final Instant AT = Changes.AT;

  private final EventLog log = log(1_000);

  @Test
  void numbersEventsFromOneWithoutGaps() {
    log.append(Changes.write());
    log.append(Changes.finish(io.agentgovernance.core.AgentPhase.BOOTSTRAP));
    Changes.silent().forEach(log::append);
    log.append(Changes.end());

    assertThat(log.events()).extracting(Event::sequence).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(log.lastSequence()).isEqualTo(5);
    assertThat(log.events()).allSatisfy(event -> assertThat(event.run()).isEqualTo(Changes.RUN));
    assertThat(log.events()).allSatisfy(event -> assertThat(event.at()).isEqualTo(AT));
  }

  @Test
  void makesEachEventOnce() {
    log.append(Changes.solve());

    assertThat(log.events().get(0)).isSameAs(log.events().get(0));
  }

  @Test
  void dropsTheOldestBeyondItsCapacityAndCountsThem() {
    EventLog small = log(3);
    IntStream.rangeClosed(1, 5).forEach(number -> small.append(Changes.note(number)));

    assertThat(small.events()).extracting(Event::sequence).containsExactly(3L, 4L, 5L);
    assertThat(small.dropped()).isEqualTo(2);
  }

  @Test
  void dropsProgressBeforeAnythingElse() {
    EventLog small = log(4);
    small.append(Changes.note(1));
    small.append(Changes.progress(ALPHA, AT, 1));
    small.append(Changes.progress(BETA, AT, 1));
    IntStream.rangeClosed(4, 6).forEach(number -> small.append(Changes.note(number)));

    assertThat(small.events()).extracting(Event::sequence).containsExactly(1L, 4L, 5L, 6L);
    assertThat(small.dropped()).isEqualTo(2);
  }

  @Test
  void keepsTheTerminalEventWhateverItsCapacity() {
    EventLog small = log(1);
    IntStream.rangeClosed(1, 3).forEach(number -> small.append(Changes.note(number)));
    small.append(Changes.end());

    assertThat(small.events()).singleElement().matches(Event::terminal);
    assertThat(small.dropped()).isEqualTo(4);
  }

  @Test
  void nothingFollowsTheTerminalEvent() {
    log.append(Changes.end());
    log.append(Changes.note(1));
    log.append(Changes.status(PipelineStatus.FAILED, Payload.empty()));

    assertThat(log.events()).hasSize(2);
    assertThat(log.completed()).isTrue();
  }

  @Test
  void announcesProgressTenTimesASecondForEachAgentByTheTimeOfTheChanges() {
    for (int millis = 0; millis < 1_000; millis += 10) {
      log.append(Changes.progress(ALPHA, AT.plusMillis(millis), 3));
      log.append(Changes.progress(BETA, AT.plusMillis(millis), 1));
    }

    List<Event> alphas =
        log.events().stream()
            .filter(event -> event.data().at("/agent_id").get().text().equals("r1-alpha"))
            .toList();
    assertThat(log.events()).hasSize(20);
    assertThat(alphas).hasSize(10);
    assertThat(alphas.get(0).data().at("/characters")).contains(Payload.of(3));
    assertThat(alphas.get(1).data().at("/characters")).contains(Payload.of(30));
    assertThat(alphas.get(9).data().at("/total")).contains(Payload.of(3 + 9 * 30));
    assertThat(log.dropped()).isZero();
  }

  @Test
  void aClockSetBackDoesNotSilenceProgress() {
    log.append(Changes.progress(ALPHA, AT, 1));
    log.append(Changes.progress(ALPHA, AT.minusSeconds(3_600), 1));

    assertThat(log.events()).hasSize(2);
  }

  @Test
  void aStreamReplaysFromWhereItsReaderWas() throws InterruptedException {
    IntStream.rangeClosed(1, 4).forEach(number -> log.append(Changes.note(number)));

    try (EventStream stream = log.open(2)) {
      assertThat(read(stream)).containsExactly(3L, 4L);
      assertThat(stream.ended()).isFalse();

      log.append(Changes.note(5));
      assertThat(read(stream)).containsExactly(5L);
      assertThat(stream.dropped()).isZero();
    }
  }

  @Test
  void aStreamEndsAfterTheTerminalEvent() throws InterruptedException {
    log.append(Changes.note(1));
    EventStream stream = log.open(0);
    log.append(Changes.end());

    assertThat(stream.ended()).isFalse();
    assertThat(stream).extracting(Event::sequence).containsExactly(1L, 2L, 3L);
    assertThat(stream.ended()).isTrue();
    assertThat(stream.next(Duration.ofDays(1))).isEmpty();
    assertThat(log.open(3).ended()).isTrue();
    assertThat(log.open(1_000).ended()).isTrue();
  }

  @Test
  void aStreamCountsExactlyWhatItMissed() throws InterruptedException {
    EventLog small = log(10);
    EventStream early = small.open(0);
    small.append(Changes.note(1));
    assertThat(read(early)).containsExactly(1L);

    IntStream.rangeClosed(2, 99).forEach(number -> small.append(Changes.note(number)));

    assertThat(read(early))
        .containsExactlyElementsOf(LongStream.rangeClosed(90, 99).boxed().toList());
    assertThat(early.dropped()).isEqualTo(88);
    EventStream late = small.open(0);
    assertThat(read(late)).hasSize(10);
    assertThat(late.dropped()).isEqualTo(89);
  }

  @Test
  void aStreamWaitsNoLongerThanItWasTold() throws InterruptedException {
    var time = new LeapingTime();
    EventStream stream = new EventLog(Changes.RUN, time, Runnable::run).open(0);

    assertThat(stream.next(Duration.ofSeconds(5))).isEmpty();

    assertThat(time.ticks()).isEqualTo(Duration.ofSeconds(5).toNanos());
  }

  @Test
  void completingReleasesWhoeverWaits() throws InterruptedException {
    log.append(Changes.note(1));
    EventStream stream = log.open(0);
    var read = new ArrayList<Long>();
    var reader = new Thread(() -> stream.forEach(event -> read.add(event.sequence())));
    reader.start();

    log.complete();
    reader.join();

    assertThat(read).containsExactly(1L);
    assertThat(stream.ended()).isTrue();
    assertThat(log.followers()).isZero();
  }

  @Test
  void closingAStreamReleasesItsReader() throws InterruptedException {
    EventStream stream = log.open(0);
    var reader = new Thread(() -> stream.forEach(event -> {}));
    reader.start();

    stream.close();
    stream.close();
    reader.join();

    assertThat(stream.ended()).isTrue();
    assertThat(log.followers()).isZero();
  }

  @Test
  void anInterruptEndsTheIterationAndStaysVisible() throws InterruptedException {
    EventStream stream = log.open(0);
    var flag = new ArrayList<Boolean>();
    var reader =
        new Thread(
            () -> {
              stream.forEach(event -> {});
              flag.add(Thread.currentThread().isInterrupted());
            });
    reader.start();

    reader.interrupt();
    reader.join();

    assertThat(flag).containsExactly(true);
    assertThat(stream.ended()).isFalse();
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> log.open(-1)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> log(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> log.subscribe(event -> {}, 0)).isInstanceOf(BadInputException.class);
  }

  private static EventLog log(int capacity) {
    return new EventLog(Changes.RUN, TimeSource.system(), Runnable::run, capacity);
  }

  /** What is there now. */
  private static List<Long> read(EventStream stream) throws InterruptedException {
    var read = new ArrayList<Long>();
    var next = stream.next(Duration.ZERO);
    while (next.isPresent()) {
      read.add(next.get().sequence());
      next = stream.next(Duration.ZERO);
    }
    return read;
  }

  /** Time that passes exactly when somebody waits, and nobody is ever signalled. */
  private static final class LeapingTime implements TimeSource {
    private long ticks;

    @Override
    public Instant now() {
      return AT.plusNanos(ticks);
    }

    @Override
    public long ticks() {
      return ticks;
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Waiter waiter() {
      return new Waiter() {
        @Override
        public boolean await(Duration atMost) {
          ticks += atMost.toNanos();
          return false;
        }

        @Override
        public void signal() {}
      };
    }
  }
}
