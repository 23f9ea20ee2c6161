// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventListener;
import io.agentgovernance.time.TimeSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(120)
class EventSubscriptionTest extends Subscribed {
  @Test
  void aSlowListenerMissesTheOldestAndTheyAreCounted() {
    EventSubscription subscription = log.subscribe(heard::add, 10);

    append(log, 1, 25);

    later.runAll();
    assertThat(heard).extracting(Event::sequence).isEqualTo(upTo(25).subList(15, 25));
    assertThat(subscription.dropped()).isEqualTo(15);
  }

  @Test
  void theTerminalEventIsNeverDropped() {
    EventSubscription narrow = log.subscribe(heard::add, 1);
    append(log, 1, 5);
    log.append(Changes.end());
    append(log, 6, 9);

    later.runAll();

    assertThat(heard).singleElement().matches(Event::terminal);
    assertThat(narrow.dropped()).isEqualTo(6);
    assertThat(narrow.done()).isCompleted();
    assertThat(log.followers()).isZero();
  }

  @Test
  void aListenerThatBlocksDelaysNobodyElse() throws Exception {
    var log = new EventLog(Changes.RUN, TimeSource.system(), threads);
    var entered = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    EventSubscription blocked =
        log.subscribe(
            event -> {
              entered.countDown();
              awaited(release);
            },
            5);
    EventSubscription other = log.subscribe(heard::add);
    append(log, 1, 1);
    awaited(entered);

    append(log, 2, 100);
    log.append(Changes.end());
    other.done().get(60, SECONDS);

    assertThat(heard).hasSize(102);
    assertThat(blocked.done()).isNotDone();
    assertThat(blocked.dropped()).isEqualTo(101 - 5);
    release.countDown();
    blocked.done().get(60, SECONDS);
  }

  @Test
  void aListenerThatThrowsIsNamedOnceAndGoesOn() {
    Logger logger = (Logger) LoggerFactory.getLogger(EventSubscription.class);
    var records = new ListAppender<ILoggingEvent>();
    records.start();
    Level before = logger.getLevel();
    logger.setLevel(Level.DEBUG);
    logger.setAdditive(false);
    logger.addAppender(records);
    try {
      EventSubscription failing = log.subscribe(new Failing());
      log.subscribe(heard::add);
      append(log, 1, 3);
      log.append(Changes.end());
      later.runAll();

      assertThat(failing.done()).isCompleted();
      assertThat(heard).hasSize(5);
    } finally {
      logger.detachAppender(records);
      logger.setAdditive(true);
      logger.setLevel(before);
    }

    List<String> warnings =
        records.list.stream()
            .filter(record -> record.getLevel() == Level.WARN)
            .map(ILoggingEvent::getFormattedMessage)
            .toList();
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains(Failing.class.getName(), "AssertionError", "r1")
        .doesNotContain("secret");
    assertThat(records.list).filteredOn(r -> r.getLevel() == Level.DEBUG).hasSize(5);
  }

  @Test
  void aListenerThatAppendsIsCalledAgainAfterwards() {
    var direct = new EventLog(Changes.RUN, TimeSource.system(), Runnable::run);
    direct.subscribe(
        event -> {
          heard.add(event);
          if (event.sequence() < 5) {
            direct.append(Changes.note(1));
          }
        });

    direct.append(Changes.note(1));

    assertThat(heard).extracting(Event::sequence).isEqualTo(upTo(5));
  }

  @Test
  void aClosedSubscriptionHearsNothing() {
    EventSubscription subscription = log.subscribe(heard::add);
    append(log, 1, 3);

    subscription.close();
    subscription.close();
    append(log, 4, 5);
    later.runAll();

    assertThat(heard).isEmpty();
    assertThat(subscription.done()).isCompleted();
    assertThat(subscription.dropped()).isZero();
  }

  @Test
  void aLogThatIsCompletedEarlyDeliversWhatThereIs() {
    EventSubscription busy = log.subscribe(heard::add);
    append(log, 1, 3);
    EventSubscription idle = log.subscribe(heard::add);

    log.complete();

    assertThat(idle.done()).isCompleted();
    assertThat(busy.done()).isNotDone();
    later.runAll();
    assertThat(busy.done()).isCompleted();
    assertThat(heard).hasSize(3);
    assertThat(log.subscribe(heard::add).done()).isCompleted();
  }

  private static final class Failing implements EventListener {
    @Override
    public void onEvent(Event event) {
      throw new AssertionError("quotes a secret");
    }
  }
}
