// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.coordination.Spend;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.internal.concurrent.Briefly;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shared state of one run in memory.
 *
 * <p>Any thread may call anything. Each command and each read runs under one lock that is held only
 * for the step itself; followers are called without it, one change after the other in the order of
 * their sequence, by whichever thread happens to deliver.
 */
final class MemoryRunStore implements RunStore {
  private static final Log log = Log.of(MemoryRunStore.class);

  /** Stands for a lease that does not run out, so that nobody has to look at the time. */
  private static final long NO_LIMIT = Long.MAX_VALUE;

  /** Where a token's epoch begins; below it the grants of that epoch are counted. */
  private static final int EPOCH_SHIFT = 32;

  /** A lease as it was last granted. */
  private record Grant(String owner, long token, long untilTicks, boolean held) {}

  private final TimeSource time;
  private final RunTerms terms;
  private final RunMachine machine;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Grant> leases = new HashMap<>(4);
  private final CopyOnWriteArrayList<Consumer<Change>> followers = new CopyOnWriteArrayList<>();

  /** Changes that whoever is delivering takes next, in the order of their sequence. */
  private final ArrayDeque<Change> undelivered = new ArrayDeque<>(4);

  private boolean delivering;
  private boolean superseded;
  private long lastToken;

  MemoryRunStore(RunTerms terms, TimeSource time) {
    this.terms = terms;
    this.time = time;
    this.machine = new RunMachine(terms, (resource, token) -> currentToken(resource) == token);
  }

  /** The store of a run that is taken over: its tokens are higher than those of earlier epochs. */
  static MemoryRunStore restored(
      RunTerms terms, TimeSource time, long epoch, List<Change> changes) {
    MemoryRunStore store = new MemoryRunStore(terms, time);
    store.lastToken = epoch << EPOCH_SHIFT;
    for (Change change : changes) {
      Change unused = store.machine.again(change.sequence(), change.at(), change.command());
    }
    return store;
  }

  /** Another store holds the run's state now: nobody may act on this one any more. */
  void supersede() {
    Briefly.lock(lock);
    try {
      superseded = true;
      leases.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public RunTerms terms() {
    return terms;
  }

  @Override
  public <R> Applied<R> apply(Command<R> command) {
    Applied<R> applied;
    Change due = null;
    Briefly.lock(lock);
    try {
      if (superseded) {
        return Applied.refused(Applied.Status.FENCED, "SUPERSEDED");
      }
      applied = machine.apply(command, time.now());
      Change change = machine.takeChange();
      if (change != null && delivering) {
        undelivered.add(change);
      } else if (change != null) {
        delivering = true;
        due = change;
      }
    } finally {
      lock.unlock();
    }
    while (due != null) {
      announce(due);
      due = nextToDeliver();
    }
    return applied;
  }

  private @Nullable Change nextToDeliver() {
    Briefly.lock(lock);
    try {
      Change next = undelivered.poll();
      delivering = next != null;
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void announce(Change change) {
    for (Consumer<Change> follower : followers) {
      try {
        follower.accept(change);
      } catch (RuntimeException | Error e) { // else the changes after this one would wait for ever
        log.warn("run {}: follower {} failed", terms.run(), follower.getClass().getName(), e);
      }
    }
  }

  @Override
  public long sequence() {
    return read(machine::sequence);
  }

  @Override
  public AutoCloseable follow(Consumer<Change> listener) {
    followers.add(listener);
    return () -> followers.remove(listener);
  }

  @Override
  public Optional<Lease> acquire(String resource, String owner, Duration ttl) {
    Briefly.lock(lock);
    try {
      Grant grant = leases.get(resource);
      if (superseded || (grant != null && live(grant) && !grant.owner().equals(owner))) {
        return Optional.empty();
      }
      long token = ++lastToken;
      leases.put(resource, new Grant(owner, token, until(ttl), true));
      return Optional.of(new Lease(resource, owner, token, ttl));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean renew(Lease lease) {
    Briefly.lock(lock);
    try {
      Grant grant = leases.get(lease.resource());
      if (grant == null || grant.token() != lease.token() || !live(grant)) {
        return false;
      }
      leases.put(
          lease.resource(), new Grant(lease.owner(), lease.token(), until(lease.ttl()), true));
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release(Lease lease) {
    Briefly.lock(lock);
    try {
      Grant grant = leases.get(lease.resource());
      if (grant != null && grant.token() == lease.token()) {
        leases.put(lease.resource(), new Grant(grant.owner(), grant.token(), 0, false));
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean holds(String resource, long token) {
    return token != 0 && read(() -> currentToken(resource)) == token;
  }

  private boolean live(Grant grant) {
    return grant.held()
        && (grant.untilTicks() == NO_LIMIT || grant.untilTicks() - time.ticks() > 0);
  }

  /** The token that may act for a resource now, 0 if nobody's may. */
  private long currentToken(String resource) {
    Grant grant = leases.get(resource);
    return grant != null && live(grant) ? grant.token() : 0;
  }

  private long until(Duration ttl) {
    return ttl.compareTo(Duration.ofDays(36_500)) >= 0 ? NO_LIMIT : time.ticks() + ttl.toNanos();
  }

  private <T> T read(Supplier<T> reading) {
    Briefly.lock(lock);
    try {
      return reading.get();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public PipelineStatus status() {
    return read(() -> machine.status);
  }

  @Override
  public boolean stopped() {
    return read(machine::over);
  }

  @Override
  public List<AgentState> agents() {
    return read(() -> machine.agents.values().stream().map(AgentRecord::view).toList());
  }

  @Override
  public Optional<AgentState> agent(AgentId id) {
    return read(() -> Optional.ofNullable(machine.agents.get(id)).map(AgentRecord::view));
  }

  @Override
  public Optional<BlackboardEntry> entry(String key) {
    return read(() -> Optional.ofNullable(machine.board.entry(key)));
  }

  @Override
  public List<BlackboardEntry> entries(String prefix) {
    return read(() -> machine.board.entries(prefix));
  }

  @Override
  public List<AgentMessage> messages(AgentId recipient, long after, int limit) {
    return read(() -> machine.messages.unread(recipient, after, limit));
  }

  @Override
  public List<Proposal> proposals() {
    return read(machine.proposals::all);
  }

  @Override
  public Optional<Proposal> accepted() {
    return read(() -> Optional.ofNullable(machine.proposals.accepted()));
  }

  @Override
  public Optional<Payload> solution() {
    return read(() -> Optional.ofNullable(machine.solution));
  }

  @Override
  public List<Handoff> handoffs() {
    return read(() -> List.copyOf(machine.handoffs.values()));
  }

  @Override
  public List<ApprovalState> approvals() {
    return read(machine.approvals::all);
  }

  @Override
  public Spend spend() {
    return read(machine.spend::total);
  }
}
