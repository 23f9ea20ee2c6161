// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.event.Event;
import io.agentgovernance.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On which threads listeners are called. */
@Timeout(120)
class EventSubscriptionThreadsTest extends Subscribed {
  @Test
  void nothingIsDeliveredOnTheAppendingThread() throws Exception {
    var log = new EventLog(Changes.RUN, TimeSource.system(), threads);
    var on = new ArrayList<Thread>();
    EventSubscription subscription = log.subscribe(event -> on.add(Thread.currentThread()));

    append(log, 1, 100);
    log.append(Changes.end());
    subscription.done().get(60, SECONDS);

    assertThat(on).hasSize(102);
    assertThat(on)
        .allSatisfy(
            thread -> {
              assertThat(thread.getName()).matches("governance-events-\\d+");
              assertThat(thread.isDaemon()).isTrue();
            });
  }

  @Test
  void oneTaskServesASubscriptionAtATime() {
    log.subscribe(heard::add);

    append(log, 1, 600);

    assertThat(later.tasks).hasSize(1);
    later.runNext();
    assertThat(heard).hasSize(256);
    assertThat(later.tasks).hasSize(1);
    later.runAll();
    assertThat(heard).extracting(Event::sequence).isEqualTo(upTo(600));
  }

  @Test
  void anExecutorThatRefusesIsAskedAgainWithTheNextEvent() {
    EventSubscription subscription = log.subscribe(heard::add);
    later.refusing = true;
    append(log, 1, 2);
    later.refusing = false;

    append(log, 3, 3);
    later.runAll();

    assertThat(heard).extracting(Event::sequence).isEqualTo(upTo(3));
    assertThat(subscription.dropped()).isZero();
  }

  @Test
  void aTaskUnderWayGoesOnWhenTheExecutorRefusesTheNext() {
    EventSubscription subscription = log.subscribe(heard::add);
    append(log, 1, 600);
    log.append(Changes.end());
    later.refusing = true;

    later.runAll();

    assertThat(heard).extracting(Event::sequence).isEqualTo(upTo(602));
    assertThat(subscription.done()).isCompleted();
  }

  @Test
  void tenThousandSubscriptionsLeaveNothingBehind() throws Exception {
    var log = new EventLog(Changes.RUN, TimeSource.system(), threads);

    for (int i = 1; i <= 10_000; i++) {
      EventSubscription subscription = log.subscribe(event -> {});
      if (i % 100 == 0) {
        log.append(Changes.note(i));
      }
      subscription.close();
      try (var stream = log.open(0)) {
        assertThat(stream.ended()).isFalse();
      }
    }

    assertThat(log.followers()).isZero();
    assertThat(threads.threads()).isLessThanOrEqualTo(EventThreads.MAX_THREADS);
  }

  @Test
  void tenThousandSubscriptionsAtOnceShareTheThreads() throws Exception {
    var log = new EventLog(Changes.RUN, TimeSource.system(), threads);
    var delivered = new CountDownLatch(20_000);
    List<EventSubscription> subscriptions =
        IntStream.range(0, 10_000)
            .mapToObj(i -> log.subscribe(event -> delivered.countDown(), 4))
            .toList();

    log.append(Changes.end());
    awaited(delivered);
    for (EventSubscription subscription : subscriptions) {
      subscription.done().get(60, SECONDS);
    }

    assertThat(log.followers()).isZero();
    assertThat(threads.threads()).isLessThanOrEqualTo(EventThreads.MAX_THREADS);
  }
}
