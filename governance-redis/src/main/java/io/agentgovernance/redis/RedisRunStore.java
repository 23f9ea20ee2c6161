// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

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
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.RunReplica;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.spi.RunView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The shared state of one run on Redis: an ordered log of accepted commands, of which this JVM
 * keeps a confirmed copy for reads.
 *
 * <p>Any thread may call anything. Commands and leases wait for the server, reads do not.
 */
final class RedisRunStore implements RunStore {
  private static final Duration LONGEST_LEASE = Duration.ofDays(36_500);

  private final RunTerms terms;
  private final RunLog log;
  private final RunLeases leases;
  private final Replicas replicas;
  private final Announcer announcer;
  private final Sender sender;
  private final RunFeed feed;
  private final Projections projections;
  private final AutoCloseable subscription;
  private final Consumer<RedisRunStore> unused;

  /** How many have been given it and have not let go of it. */
  private final AtomicInteger users = new AtomicInteger(1);

  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param unused told when nobody here has it any more
   */
  RedisRunStore(
      RedisConnections connections,
      RunLog log,
      RunLeases leases,
      RunReplica confirmed,
      String tail,
      Consumer<RedisRunStore> unused) {
    this.unused = unused;
    this.terms = confirmed.terms();
    this.log = log;
    this.leases = leases;
    this.announcer = new Announcer(terms.run());
    this.replicas = new Replicas(confirmed, tail, announcer);
    this.projections = new Projections(connections, terms.tenant(), terms.run());
    this.sender =
        new Sender(
            log,
            replicas,
            work -> connections.delivery().execute(() -> withoutCaller(work)),
            this::project,
            announcer::deliver,
            this::refill);
    this.feed = new RunFeed(connections, log, replicas, sender, announcer);
    this.subscription = connections.feed().subscribe(log.channel(), feed);
  }

  private void withoutCaller(Runnable work) {
    work.run();
    announcer.deliver();
  }

  private void refill() {
    feed.refill();
  }

  private void project(Batch batch) {
    if (!batch.agents().isEmpty()) {
      projections.agents(
          replicas.read(
              view -> batch.agents().stream().flatMap(id -> view.agent(id).stream()).toList()));
    }
  }

  /**
   * Reads the log up to its end.
   *
   * @throws RedisFailure if it cannot be read
   */
  void catchUp() {
    boolean behind = true;
    while (behind) {
      Replicas.Position from = replicas.position();
      AppendReply reply = log.caughtUp(from.sequence(), from.tail());
      behind = reply instanceof AppendReply.Behind;
      if (reply instanceof AppendReply.Behind missing) {
        replicas.add(from.sequence() + 1, missing.missing());
      } else if (reply instanceof AppendReply.Superseded) {
        sender.supersede();
      } else if (reply instanceof AppendReply.Lost lost) {
        throw log.lost(lost.found());
      }
    }
  }

  /** Another store has the run now: nobody may act on this one any more. */
  void supersede() {
    sender.supersede();
  }

  boolean gone() {
    return sender.gone();
  }

  /** Gives it to one more; false if the last one has let go of it. */
  boolean use() {
    return users.getAndUpdate(now -> now == 0 ? 0 : now + 1) > 0;
  }

  @Override
  public void detach() {
    if (users.getAndUpdate(now -> Math.max(0, now - 1)) == 1) {
      unused.accept(this);
      close();
    }
  }

  /** Follows other JVMs no longer. Idempotent. */
  void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    feed.close();
    try {
      subscription.close();
    } catch (Exception e) {
      throw new IllegalStateException("run '" + terms.run() + "': the subscription stays", e);
    }
  }

  /** Lets the keys of the run expire soon. */
  void finish() {
    log.finish();
    projections.finish(agents());
  }

  @Override
  public RunTerms terms() {
    return terms;
  }

  @Override
  public <R> Applied<R> apply(Command<R> command) {
    try {
      return sender.apply(command);
    } finally {
      announcer.deliver();
    }
  }

  @Override
  public long sequence() {
    return replicas.sequence();
  }

  @Override
  public AutoCloseable follow(Consumer<Change> listener) {
    return replicas.follow(listener);
  }

  @Override
  public Optional<Lease> acquire(String resource, String owner, Duration ttl) {
    long token = sender.superseded() ? 0 : leases.acquire(resource, owner, bounded(ttl));
    if (token == 0) {
      return Optional.empty();
    }
    Lease lease = new Lease(resource, owner, token, ttl);
    projections.acquired(lease);
    return Optional.of(lease);
  }

  @Override
  public boolean renew(Lease lease) {
    if (sender.superseded()) {
      return false;
    }
    RunLeases.Renewal renewal = leases.renew(lease.resource(), lease.token(), bounded(lease.ttl()));
    if (renewal.held()) {
      projections.renewed(lease);
    }
    if (renewal.refreshed()) {
      projections.keepOn(agents());
    }
    if (renewal.sequence() > replicas.sequence() && !replicas.busy()) {
      feed.refill(); // an announcement was missed
    }
    return renewal.held();
  }

  @Override
  public void release(Lease lease) {
    if (!sender.superseded() && leases.release(lease.resource(), lease.token())) {
      projections.released(lease);
    }
  }

  @Override
  public boolean holds(String resource, long token) {
    return token != 0 && !sender.superseded() && leases.holds(resource, token);
  }

  private static Duration bounded(Duration ttl) {
    return ttl.compareTo(LONGEST_LEASE) > 0 ? LONGEST_LEASE : ttl;
  }

  @Override
  public PipelineStatus status() {
    return replicas.read(RunView::status);
  }

  @Override
  public boolean stopped() {
    return replicas.read(RunView::stopped);
  }

  @Override
  public List<AgentState> agents() {
    return replicas.read(RunView::agents);
  }

  @Override
  public Optional<AgentState> agent(AgentId id) {
    return replicas.read(view -> view.agent(id));
  }

  @Override
  public Optional<BlackboardEntry> entry(String key) {
    return replicas.read(view -> view.entry(key));
  }

  @Override
  public List<BlackboardEntry> entries(String prefix) {
    return replicas.read(view -> view.entries(prefix));
  }

  @Override
  public List<AgentMessage> messages(AgentId recipient, long after, int limit) {
    return replicas.read(view -> view.messages(recipient, after, limit));
  }

  @Override
  public List<Proposal> proposals() {
    return replicas.read(RunView::proposals);
  }

  @Override
  public Optional<Proposal> accepted() {
    return replicas.read(RunView::accepted);
  }

  @Override
  public Optional<Payload> solution() {
    return replicas.read(RunView::solution);
  }

  @Override
  public List<Handoff> handoffs() {
    return replicas.read(RunView::handoffs);
  }

  @Override
  public List<ApprovalState> approvals() {
    return replicas.read(RunView::approvals);
  }

  @Override
  public Spend spend() {
    return replicas.read(RunView::spend);
  }
}
