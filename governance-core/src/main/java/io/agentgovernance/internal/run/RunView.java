// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunStore;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What is said of a run when it ends: read from its store, or, if that does not answer, as the
 * changes announced so far have left it. Thread safe.
 */
final class RunView {
  private final RunStore store;
  private final Evidence evidence;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<AgentId, AgentState> agents = new LinkedHashMap<>(4);
  private final Map<String, Proposal> proposals = new LinkedHashMap<>(2);
  private final Map<String, Handoff> handoffs = new LinkedHashMap<>(0);

  /** How agents ended whose own process could not tell the store. */
  private final Map<AgentId, AgentState> settled = new HashMap<>(0);

  private Spend spend = Spend.NONE;
  private boolean lost;

  /** Whether the run concludes: then a store that does not answer is not asked again. */
  private boolean concluding;

  private boolean givenUp;

  RunView(RunStore store, Evidence evidence) {
    this.store = store;
    this.evidence = evidence;
  }

  /** Takes note of a change; called in their order. */
  void changed(Change change) {
    lock.lock();
    try {
      result(change);
      command(change.command());
      change.effects().forEach(this::effect);
    } finally {
      lock.unlock();
    }
  }

  private void result(Change change) {
    Object result = change.result();
    if (result instanceof AgentState state) {
      agents.put(state.id(), state);
    } else if (result instanceof Proposal proposal) {
      proposals.put(proposal.id(), proposal);
    } else if (result instanceof Handoff handoff) {
      handoffs.put(handoff.id(), handoff);
    } else if (result instanceof Spend sum) {
      spend = sum;
    } else if (result instanceof ErrorTally tally
        && change.command() instanceof Command.RecordError c) {
      change(c.agent(), state -> AgentCopies.counted(state, tally));
    }
  }

  private void command(Command<?> command) {
    if (command instanceof Command.EnterPhase c) {
      change(c.agent(), state -> AgentCopies.in(state, c.phase()));
    } else if (command instanceof Command.FinishPhase c) {
      change(c.agent(), state -> AgentCopies.having(state, c.output()));
    }
  }

  private void effect(Effect effect) {
    if (effect instanceof Effect.AgentChanged e) {
      change(e.agent(), state -> AgentCopies.being(state, e.to(), e.failure()));
    } else if (effect instanceof Effect.ProposalDecided e) {
      proposals.put(e.proposal().id(), e.proposal());
    } else if (effect instanceof Effect.HandedOff e) {
      handoffs.put(e.handoff().id(), e.handoff());
    }
  }

  private void change(AgentId agent, UnaryOperator<AgentState> how) {
    agents.computeIfPresent(agent, (id, state) -> how.apply(state));
  }

  List<AgentState> agents() {
    List<AgentState> known = read(store::agents, () -> List.copyOf(agents.values()));
    lock.lock();
    try {
      return settled.isEmpty()
          ? known
          : known.stream()
              .map(s -> Mailbox.active(s) ? settled.getOrDefault(s.id(), s) : s)
              .toList();
    } finally {
      lock.unlock();
    }
  }

  List<Proposal> proposals() {
    return read(store::proposals, () -> List.copyOf(proposals.values()));
  }

  List<Handoff> handoffs() {
    return read(store::handoffs, () -> List.copyOf(handoffs.values()));
  }

  Spend spend() {
    return read(store::spend, () -> spend);
  }

  /**
   * Ends an agent that is still active; one whose store does not answer, or that another process
   * ran, here only.
   */
  void end(AgentRunner agent, AgentStatus status, String cause) {
    AgentState now =
        agents().stream()
            .filter(state -> state.id().equals(agent.id()) && Mailbox.active(state))
            .findFirst()
            .orElse(null);
    if (now == null) {
      return;
    }
    if (givenUp()) {
      endHere(agent, status, cause);
      return;
    }
    try {
      Applied<?> applied =
          store.apply(new Command.SetAgentStatus(agent.id(), agent.fence(), status, cause));
      if (!applied.accepted()) {
        settle(AgentCopies.being(now, status, cause));
      }
    } catch (CoordinationUnavailableException e) {
      lost(e);
      endHere(agent, status, cause);
    }
  }

  private void endHere(AgentRunner agent, AgentStatus status, String cause) {
    lock.lock();
    try {
      change(agent.id(), state -> AgentCopies.being(state, status, cause));
    } finally {
      lock.unlock();
    }
  }

  private void settle(AgentState ended) {
    lock.lock();
    try {
      settled.put(ended.id(), ended);
    } finally {
      lock.unlock();
    }
  }

  /** Applies a command that must not keep the run from ending; lost if the store is. */
  void apply(Command<?> command) {
    if (givenUp()) {
      return;
    }
    try {
      store.apply(command);
    } catch (CoordinationUnavailableException e) {
      lost(e);
    }
  }

  private <T> T read(Supplier<T> current, Supplier<T> seen) {
    if (!givenUp()) {
      try {
        return current.get();
      } catch (CoordinationUnavailableException e) {
        lost(e);
      }
    }
    lock.lock();
    try {
      return seen.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * From now on a store that does not answer is not asked again: each time may take as long as a
   * call is tried, and the result waits for it.
   */
  void concludes() {
    lock.lock();
    try {
      concluding = true;
    } finally {
      lock.unlock();
    }
  }

  /** The store was told something else, and has not answered in time. */
  void noAnswer(String warning) {
    evidence.warn(warning);
    giveUp();
  }

  /** The store was told something else, which failed for this reason. */
  void failed(RuntimeException e) {
    if (e instanceof CoordinationUnavailableException) {
      giveUp();
    }
  }

  private void giveUp() {
    lock.lock();
    try {
      givenUp = concluding;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the run concludes and the store does not answer. */
  boolean givenUp() {
    lock.lock();
    try {
      return givenUp;
    } finally {
      lock.unlock();
    }
  }

  private void lost(CoordinationUnavailableException e) {
    boolean first;
    lock.lock();
    try {
      first = !lost;
      lost = true;
      givenUp = concluding;
    } finally {
      lock.unlock();
    }
    if (first) {
      evidence.warn(
          "the coordination store does not answer; the result is what was seen of the run: "
              + e.getMessage());
    }
  }
}
