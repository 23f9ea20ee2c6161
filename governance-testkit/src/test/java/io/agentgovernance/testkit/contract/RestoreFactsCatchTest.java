// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.checkpoint.CheckpointUnreadableException;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.memory.MemoryCoordination;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.ForwardingRunStore;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Negative controls: each fact about restoring fails for a store that does the one thing wrong it
 * is about.
 */
class RestoreFactsCatchTest {
  /** How a run is made again, wrongly. */
  @FunctionalInterface
  private interface Restoring {
    RunStore restore(MemoryCoordination right, RunTerms terms, long epoch, List<Change> changes);
  }

  private record Faulty(MemoryCoordination right, Restoring wrong) implements Coordination {
    @Override
    public Optional<RunStore> create(RunTerms terms) {
      return right.create(terms);
    }

    @Override
    public RunStore restore(RunTerms terms, long epoch, List<Change> changes) {
      return wrong.restore(right, terms, epoch, changes);
    }

    @Override
    public Optional<RunStore> attach(RunId run) {
      return right.attach(run);
    }

    @Override
    public void release(RunId run) {
      right.release(run);
    }

    @Override
    public Duration leaseTtl() {
      return right.leaseTtl();
    }

    @Override
    public void close() {
      right.close();
    }
  }

  private static RestoreFacts facts(Restoring wrong) {
    Coordination faulty = new Faulty(new MemoryCoordination(TimeSource.system()), wrong);
    return new RestoreFacts() {
      @Override
      public Coordination coordination() {
        return faulty;
      }

      @Override
      public void letPass(Duration by) {
        throw new AssertionError("nothing here waits");
      }
    };
  }

  private static void caught(Consumer<RestoreFacts> fact, Restoring wrong) {
    RestoreFacts facts = facts(wrong);
    assertThatThrownBy(() -> fact.accept(facts)).isInstanceOf(AssertionError.class);
  }

  private static List<Change> without(List<Change> changes) {
    return changes.isEmpty() ? changes : changes.subList(0, changes.size() - 1);
  }

  @Test
  void theRightOneIsNotCaught() {
    RestoreFacts facts = facts(MemoryCoordination::restore);
    facts.restoresTheStateThatTheChangesMade();
    facts.restoresARunThatIsNotThere();
    facts.nobodyHoldsALeaseOfARestoredRun();
    facts.grantsTokensAboveThoseOfEarlierEpochs();
    facts.letsNobodyActOnTheStoreThatWasReplaced();
    facts.goesOnWhereTheChangesEndAndAnnouncesNoneOfThemAgain();
    facts.refusesChangesThatDoNotFitAndLeavesWhatIsThere();
  }

  @Test
  void theLastChangeIsForgotten() {
    Restoring wrong =
        (right, terms, epoch, changes) -> right.restore(terms, epoch, without(changes));
    caught(RestoreFacts::restoresTheStateThatTheChangesMade, wrong);
    caught(RestoreFacts::restoresARunThatIsNotThere, wrong);
    caught(RestoreFacts::goesOnWhereTheChangesEndAndAnnouncesNoneOfThemAgain, wrong);
  }

  @Test
  void leasesStayAsTheyAre() {
    caught(
        RestoreFacts::nobodyHoldsALeaseOfARestoredRun,
        (right, terms, epoch, changes) -> right.attach(terms.run()).orElseThrow());
  }

  @Test
  void tokensBeginAnew() {
    caught(
        RestoreFacts::grantsTokensAboveThoseOfEarlierEpochs,
        (right, terms, epoch, changes) ->
            new MemoryCoordination(TimeSource.system()).restore(terms, 0, changes));
  }

  @Test
  void theStoreThatWasReplacedGoesOn() {
    caught(
        RestoreFacts::letsNobodyActOnTheStoreThatWasReplaced,
        (right, terms, epoch, changes) ->
            new MemoryCoordination(TimeSource.system()).restore(terms, epoch, changes));
  }

  @Test
  void whatIsKnownIsAnnouncedAgain() {
    caught(
        RestoreFacts::goesOnWhereTheChangesEndAndAnnouncesNoneOfThemAgain,
        (right, terms, epoch, changes) -> {
          RunStore store = right.restore(terms, epoch, changes);
          return new ForwardingRunStore(store) {
            @Override
            public AutoCloseable follow(Consumer<Change> listener) {
              changes.forEach(listener);
              return super.follow(listener);
            }
          };
        });
  }

  @Test
  void aGapIsPassedOver() {
    caught(
        RestoreFacts::refusesChangesThatDoNotFitAndLeavesWhatIsThere,
        (right, terms, epoch, changes) -> {
          try {
            return right.restore(terms, epoch, changes);
          } catch (CheckpointUnreadableException e) {
            return right.restore(terms, epoch, List.of());
          }
        });
  }
}
