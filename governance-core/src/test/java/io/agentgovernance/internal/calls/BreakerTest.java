// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.internal.calls.Breaker.LateResults;
import io.agentgovernance.internal.calls.Breaker.Permit;
import io.agentgovernance.internal.calls.Breaker.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final HandTime time = new HandTime();
  private final Breaker breaker = new Breaker("local:", time);

  @Test
  void opensAtTheFifthConsecutiveFailure() {
    fail(breaker, 4);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);

    fail(breaker, 1);

    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.tryAcquire()).isEmpty();
    assertThat(breaker.untilProbe()).isEqualTo(WAIT);
  }

  @Test
  void aSuccessInBetweenStartsTheCountAgain() {
    for (int i = 0; i < 10; i++) {
      fail(breaker, 4);
      acquire(breaker).success();
    }

    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void slowCallsDoNotOpenIt() {
    for (int i = 0; i < 10; i++) {
      Permit permit = acquire(breaker);
      time.advance(Duration.ofMinutes(10));
      permit.success();
    }

    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void theProbeIsAdmittedExactlyWhenTheWaitIsOver() {
    fail(breaker, 5);
    time.advance(WAIT.minusNanos(1));
    assertThat(breaker.tryAcquire()).isEmpty();

    time.advance(Duration.ofNanos(1));

    assertThat(breaker.untilProbe()).isZero();
    assertThat(breaker.tryAcquire()).isPresent();
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.tryAcquire()).isEmpty();
  }

  @Test
  void theWaitDoublesUpToFiveMinutesAndStartsAgainAfterClosing() {
    fail(breaker, 5);

    assertThat(waitsOf(6)).containsExactly(30L, 60L, 120L, 240L, 300L, 300L);
    time.advance(breaker.untilProbe());
    acquire(breaker).success();
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    fail(breaker, 5);
    assertThat(breaker.untilProbe()).isEqualTo(WAIT);
  }

  private List<Long> waitsOf(int openings) {
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < openings; i++) {
      waits.add(breaker.untilProbe().toSeconds());
      if (i + 1 < openings) {
        time.advance(breaker.untilProbe());
        acquire(breaker).failure(down());
      }
    }
    return waits;
  }

  @Test
  void aCancelledProbeMakesRoomForAnother() {
    halfOpen();
    Permit probe = acquire(breaker);
    assertThat(breaker.tryAcquire()).isEmpty();

    probe.cancel();

    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.untilProbe()).isZero();
    acquire(breaker).success();
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aCancelledCallIsNeitherSuccessNorFailure() {
    fail(breaker, 4);
    acquire(breaker).cancel();
    assertThat(breaker.state()).isEqualTo(State.CLOSED);

    fail(breaker, 1);

    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void onlyTheFirstReportOfAPermitCounts() {
    Permit permit = acquire(breaker);
    for (int i = 0; i < 10; i++) {
      permit.failure(down());
    }
    assertThat(breaker.snapshot().failures()).isEqualTo(1);

    permit.success();
    permit.cancel();

    assertThat(breaker.snapshot().failures()).isEqualTo(1);
    assertThat(breaker.lateResults()).isZero();
  }

  @Test
  void aCancelledPermitIsGivenBackOnce() {
    halfOpen();
    Permit probe = acquire(breaker);
    probe.cancel();
    probe.cancel();

    assertThat(breaker.tryAcquire()).isPresent();
    assertThat(breaker.tryAcquire()).isEmpty();
  }

  @Test
  void lateResultsAreCountedAndDropped() {
    Permit lateSuccess = acquire(breaker);
    Permit lateFailure = acquire(breaker);
    Permit lateCancel = acquire(breaker);
    halfOpen();
    acquire(breaker);

    lateSuccess.success();
    lateFailure.failure(down());
    lateCancel.cancel();

    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.lateResults()).isEqualTo(2);
    assertThat(breaker.tryAcquire()).as("a late cancel gives back no permit of now").isEmpty();
  }

  /** The negative control of the fact above. */
  @Test
  void withoutGenerationsALateSuccessWouldCloseIt() {
    var careless = new Breaker("x", BreakerRules.DEFAULT, time, LateResults.REPORTED);
    Permit late = acquire(careless);
    fail(careless, 5);
    time.advance(WAIT);
    acquire(careless);

    late.success();

    assertThat(careless.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aProbeThatNeverReportsCountsAsFailed() {
    halfOpen();
    Permit lost = acquire(breaker);
    assertThat(breaker.untilProbe()).isEqualTo(Duration.ofMinutes(5));
    time.advance(Duration.ofMinutes(5));

    assertThat(breaker.tryAcquire()).isEmpty();

    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.untilProbe()).isEqualTo(WAIT.multipliedBy(2));
    lost.success();
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    assertThat(breaker.lateResults()).isEqualTo(1);
  }

  @Test
  void listenersHearEachTransitionWithItsGenerationOutsideTheLock() {
    List<String> heard = new ArrayList<>();
    breaker.onTransition(
        (from, to, generation) -> {
          heard.add(from + ">" + to + " " + generation);
          assertThat(breaker.generation()).isEqualTo(generation);
        });
    breaker.onTransition(
        (from, to, generation) -> {
          throw new IllegalStateException("a listener that fails");
        });

    halfOpen();
    acquire(breaker).success();

    assertThat(heard).containsExactly("CLOSED>OPEN 1", "OPEN>HALF_OPEN 2", "HALF_OPEN>CLOSED 3");
  }

  @Test
  void aRestoredBreakerGoesOnWaiting() {
    halfOpen();
    acquire(breaker).failure(down());
    time.advance(Duration.ofSeconds(10));
    BreakerState snapshot = breaker.snapshot();

    Breaker restored = Breaker.restore("local:", BreakerRules.DEFAULT, time, snapshot);

    assertThat(restored.snapshot()).isEqualTo(snapshot);
    assertThat(restored.untilProbe()).isEqualTo(Duration.ofSeconds(50));
    assertThat(restored.tryAcquire()).isEmpty();
    time.advance(Duration.ofSeconds(50));
    acquire(restored).failure(down());
    assertThat(restored.untilProbe()).isEqualTo(Duration.ofMinutes(2));
  }

  @Test
  void aRestoredBreakerKeepsItsFailures() {
    fail(breaker, 4);

    Breaker restored = Breaker.restore("local:", BreakerRules.DEFAULT, time, breaker.snapshot());

    assertThat(restored.state()).isEqualTo(State.CLOSED);
    fail(restored, 1);
    assertThat(restored.state()).isEqualTo(State.OPEN);
  }

  @Test
  void aProbeOfAnotherProcessIsMadeAgain() {
    halfOpen();
    acquire(breaker);

    Breaker restored = Breaker.restore("local:", BreakerRules.DEFAULT, time, breaker.snapshot());

    assertThat(restored.untilProbe()).isZero();
    acquire(restored).success();
    assertThat(restored.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aClockThatWasFarAheadDoesNotKeepARestoredBreakerOpen() {
    var snapshot = new BreakerState(State.OPEN, 0, 1, Instant.parse("2090-01-01T00:00:00Z"), 7);

    Breaker restored = Breaker.restore("local:", BreakerRules.DEFAULT, time, snapshot);

    assertThat(restored.untilProbe()).isEqualTo(Duration.ofMinutes(5));
    assertThat(restored.generation()).isEqualTo(7);
  }

  @Test
  void rulesAndSnapshotsAreChecked() {
    assertThatThrownBy(() -> new BreakerRules(0, WAIT, WAIT)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new BreakerRules(1, Duration.ZERO, WAIT))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new BreakerRules(1, WAIT, WAIT.minusMillis(1)))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new BreakerState(State.OPEN, 0, 1, null, 1))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new BreakerState(State.CLOSED, -1, 0, null, 0))
        .isInstanceOf(BadInputException.class);
  }

  private void halfOpen() {
    fail(breaker, 5);
    time.advance(WAIT);
  }

  private static Permit acquire(Breaker breaker) {
    return breaker.tryAcquire().orElseThrow();
  }

  private static void fail(Breaker breaker, int times) {
    for (int i = 0; i < times; i++) {
      acquire(breaker).failure(down());
    }
  }

  private static Exception down() {
    return new IOException("down");
  }
}
