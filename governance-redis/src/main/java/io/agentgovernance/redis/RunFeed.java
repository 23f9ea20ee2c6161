// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.secret.Log;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Follows what other JVMs write to a run: takes announcements from the event loop, and applies them
 * on the delivery thread. What is missing is read from the log. Thread safe.
 */
final class RunFeed implements RedisFeed.Listener {
  private static final Log log = Log.of(RunFeed.class);

  /** More than this many announcements are dropped, and the log is read instead. */
  private static final int MOST_WAITING = 1_024;

  private static final long RETRY_MS = 250;

  private final RedisConnections connections;
  private final RunLog runLog;
  private final Replicas replicas;
  private final Sender sender;
  private final Announcer announcer;
  private final ConcurrentLinkedQueue<Announcement> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile boolean closed;

  RunFeed(
      RedisConnections connections,
      RunLog runLog,
      Replicas replicas,
      Sender sender,
      Announcer announcer) {
    this.connections = connections;
    this.runLog = runLog;
    this.replicas = replicas;
    this.sender = sender;
    this.announcer = announcer;
  }

  /**
   * What is said when changes were written.
   *
   * @param texts the changes, one in a line; empty if they are large
   */
  private record Announcement(long epoch, long first, long count, String batch, String texts) {

    static Announcement of(String message) {
      int end = message.indexOf('\n');
      String[] head = (end < 0 ? message : message.substring(0, end)).split(" ", 4);
      return new Announcement(
          Long.parseLong(head[0]),
          Long.parseLong(head[1]),
          Long.parseLong(head[2]),
          head[3],
          end < 0 ? "" : message.substring(end + 1));
    }

    long last() {
      return first + count - 1;
    }

    List<LogEntry> entries() {
      return LogEntry.all(texts, batch);
    }
  }

  @Override
  public void announced(String message) {
    Announcement announcement = Announcement.of(message);
    boolean known =
        announcement.epoch() <= runLog.epoch()
            && (announcement.epoch() < runLog.epoch()
                || announcement.last() <= replicas.sequence()
                || (announcement.batch().startsWith(runLog.writer() + ":") && replicas.busy()));
    if (known || closed) {
      return;
    }
    if (waiting.incrementAndGet() > MOST_WAITING) {
      waiting.decrementAndGet();
      wanted.set(true);
    } else {
      inbox.add(announcement);
    }
    schedule();
  }

  @Override
  public void subscribed() {
    refill();
  }

  /** Reads what is missing from the log, soon. */
  void refill() {
    wanted.set(true);
    schedule();
  }

  /** Ends it. */
  void close() {
    closed = true;
  }

  private void schedule() {
    if (!closed && scheduled.compareAndSet(false, true)) {
      connections.delivery().execute(this::run);
    }
  }

  private void run() {
    scheduled.set(false);
    Announcement next = inbox.poll();
    while (next != null) {
      waiting.decrementAndGet();
      take(next);
      next = inbox.poll();
    }
    announcer.deliver();
    if (wanted.get() && !closed && asking.compareAndSet(false, true)) {
      wanted.set(false);
      ask();
    }
  }

  private void take(Announcement announcement) {
    if (announcement.epoch() > runLog.epoch()) {
      sender.supersede();
    } else if (announcement.texts().isEmpty()
        || !add(announcement.first(), announcement.entries())) {
      wanted.set(true);
    }
  }

  private boolean add(long first, List<LogEntry> entries) {
    try {
      return replicas.add(first, entries);
    } catch (GovernanceException e) {
      log.warn("run {}: what another JVM wrote cannot be read here", runLog.run(), e);
      sender.lose("changes that this version cannot read");
      return true;
    }
  }

  private void ask() {
    Replicas.Position from = replicas.position();
    CompletionStage<AppendReply> reply;
    try {
      reply = runLog.missing(from.sequence(), from.tail());
    } catch (RuntimeException e) { // else nobody would ask again
      asking.set(false);
      later(e);
      return;
    }
    reply.whenCompleteAsync(
        (answer, thrown) -> {
          asking.set(false);
          if (thrown == null) {
            answered(from, answer);
          } else {
            later(thrown);
          }
        },
        connections.delivery());
  }

  private void answered(Replicas.Position from, AppendReply reply) {
    if (reply instanceof AppendReply.Behind behind) {
      add(from.sequence() + 1, behind.missing());
      announcer.deliver();
      refill(); // there may be more than one answer holds
    } else if (reply instanceof AppendReply.Superseded) {
      sender.supersede();
    } else if (reply instanceof AppendReply.Lost lost) {
      sender.lose(lost.found());
    } else if (wanted.get()) {
      schedule();
    }
  }

  private void later(Throwable thrown) {
    log.debug("run {}: the log could not be read, trying again", runLog.run(), thrown);
    if (!closed) {
      connections.later(this::refill, RETRY_MS);
    }
  }
}
