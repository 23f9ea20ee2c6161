// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import io.agentgovernance.spi.Coordination;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every {@link Coordination} has to do. Extend it in the tests of a backend:
 *
 * <pre>{@code
 * class MemoryCoordinationTest extends CoordinationContract {
 *   @Override
 *   protected Coordination open(TimeSource time) {
 *     return new MemoryCoordination(time);
 *   }
 * }
 * }</pre>
 *
 * <p>Each fact opens the backend anew, with runs of its own: a shared server needs no emptying.
 */
public abstract class CoordinationContract
    implements RunFacts,
        AgentCommandFacts,
        PhaseFacts,
        BoardFacts,
        MessageFacts,
        LeaseFacts,
        FollowFacts,
        SpendFacts,
        ApprovalFacts,
        VoteFacts,
        RacingVoteFacts,
        MediatorFacts,
        ErrorFacts,
        HandoffFacts,
        RestoreFacts {
  private final ManualTime time = ManualTime.startingAt(LiveRun.START);
  private @Nullable Coordination opened;

  /** Makes the contract; JUnit makes one for each fact. */
  protected CoordinationContract() {}

  /** Opens the backend with a time that moves only when a fact moves it. */
  protected abstract Coordination open(TimeSource time);

  /**
   * Lets time pass for leases and approvals. Override it if the backend has a clock of its own.
   *
   * @param by how much
   */
  protected void pass(Duration by) {
    time.advance(by);
  }

  @BeforeEach
  final void openCoordination() {
    opened = open(time);
  }

  @AfterEach
  final void closeCoordination() {
    coordination().close();
  }

  @Override
  public final Coordination coordination() {
    Coordination coordination = opened;
    if (coordination == null) {
      throw new IllegalStateException("not open");
    }
    return coordination;
  }

  @Override
  public final void letPass(Duration by) {
    pass(by);
  }
}
