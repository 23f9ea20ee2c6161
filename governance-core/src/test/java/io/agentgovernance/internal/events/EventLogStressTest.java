// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventStream;
import io.agentgovernance.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EventLogStressTest {
  private static final int WRITERS = 8;
  private static final int EACH = 2_000;
  private static final List<Long> EVERY =
      LongStream.rangeClosed(1, WRITERS * EACH + 2L).boxed().toList();

  private final EventThreads threads = new EventThreads();

  @AfterEach
  void closeThreads() {
    threads.close();
  }

  @Test
  void whoeverReplaysThenFollowsSeesEachEventOnceAndInOrder() throws Exception {
    var log = new EventLog(Changes.RUN, TimeSource.system(), threads, 2 * WRITERS * EACH);
    List<CompletableFuture<List<Long>>> readers = new ArrayList<>();
    readers.add(reader(log));
    var pushed = new ArrayList<Long>();
    EventSubscription subscription =
        log.subscribe(event -> pushed.add(event.sequence()), 2 * WRITERS * EACH);

    List<Thread> writers = writers(log);
    for (int i = 0; i < 5; i++) {
      readers.add(reader(log)); // begins somewhere in the middle of the writing
    }
    for (Thread writer : writers) {
      writer.join();
    }
    log.append(Changes.end());
    readers.add(reader(log));

    for (CompletableFuture<List<Long>> reader : readers) {
      assertThat(reader.get(60, SECONDS)).isEqualTo(EVERY);
    }
    subscription.done().get(60, SECONDS);
    assertThat(pushed).isEqualTo(EVERY);
    assertThat(subscription.dropped() + log.dropped()).isZero();
    assertThat(log.followers()).isZero();
  }

  @Test
  void readAndDroppedEventsAddUpWhenTheLogIsTooSmall() throws Exception {
    var log = new EventLog(Changes.RUN, TimeSource.system(), threads, 16);
    EventStream stream = log.open(0);
    CompletableFuture<List<Long>> reader = read(stream);
    var pushed = new ArrayList<Event>();
    EventSubscription subscription = log.subscribe(pushed::add, 4);

    for (Thread writer : writers(log)) {
      writer.join();
    }
    log.append(Changes.end());

    List<Long> read = reader.get(60, SECONDS);
    assertThat(read).isSorted().doesNotHaveDuplicates().endsWith(EVERY.size() * 1L);
    assertThat(read.size() + stream.dropped()).isEqualTo(EVERY.size());
    assertThat(log.dropped()).isEqualTo(EVERY.size() - 16L);
    subscription.done().get(60, SECONDS);
    assertThat(pushed).extracting(Event::sequence).isSorted().doesNotHaveDuplicates();
    assertThat(pushed.size() + subscription.dropped()).isEqualTo(EVERY.size());
    assertThat(pushed.get(pushed.size() - 1).terminal()).isTrue();
  }

  private static List<Thread> writers(EventLog log) {
    var start = new CountDownLatch(1);
    List<Thread> writers =
        IntStream.range(0, WRITERS)
            .mapToObj(
                writer ->
                    new Thread(
                        () -> {
                          try {
                            start.await();
                          } catch (InterruptedException e) {
                            throw new AssertionError(e);
                          }
                          IntStream.range(0, EACH).forEach(i -> log.append(Changes.note(i)));
                        }))
            .toList();
    writers.forEach(Thread::start);
    start.countDown();
    return writers;
  }

  private static CompletableFuture<List<Long>> reader(EventLog log) {
    return read(log.open(0));
  }

  private static CompletableFuture<List<Long>> read(EventStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          var read = new ArrayList<Long>();
          stream.forEach(event -> read.add(event.sequence()));
          return read;
        },
        task -> new Thread(task).start());
  }
}
