// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventListener;
import io.agentgovernance.event.EventStream;
import io.agentgovernance.internal.concurrent.Briefly;
import io.agentgovernance.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The events of one run: numbers them, keeps the latest, and passes them on.
 *
 * <p>Thread safe. {@link #append} never waits for whoever watches: streams pull at their own pace,
 * subscriptions are served by the executor. No foreign code runs under the lock. The terminal event
 * is the last one; changes after it make no events.
 */
public final class EventLog {
  /** How many events are kept. */
  public static final int DEFAULT_CAPACITY = 10_000;

  /** How many events wait for a listener. */
  public static final int DEFAULT_QUEUE = 1_024;

  private static final Follower[] NOBODY = {};

  private final RunId run;
  private final TimeSource time;
  private final Executor executor;
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();

  // Kept apart, because progress is dropped first; an event is in one of the two.
  private final EntryRing progress = new EntryRing(4);
  private final EntryRing others = new EntryRing(64);
  private final ProgressMeter meter = new ProgressMeter();
  private final List<Follower> followers = new ArrayList<>(2);

  /** The followers as of now, so that they can be called without the lock. */
  private Follower[] current = NOBODY;

  private long sequence;
  private long dropped;
  private volatile boolean completed;

  /** A log that keeps {@link #DEFAULT_CAPACITY} events and calls listeners on {@code executor}. */
  public EventLog(RunId run, TimeSource time, Executor executor) {
    this(run, time, executor, DEFAULT_CAPACITY);
  }

  /**
   * A log that keeps at most {@code capacity} events.
   *
   * @throws BadInputException if {@code capacity} is less than 1
   */
  public EventLog(RunId run, TimeSource time, Executor executor, int capacity) {
    this.run = requireNonNull(run, "run");
    this.time = requireNonNull(time, "time");
    this.executor = requireNonNull(executor, "executor");
    this.capacity = atLeastOne("event log capacity", capacity);
  }

  /** Appends the events a change makes. Call it in the order of the changes; it never blocks. */
  public void append(Change change) {
    boolean progressed = change.command() instanceof Command.Progress;
    List<EventDraft> drafts = progressed ? List.of() : EventDeriver.derive(change);
    if (drafts.isEmpty() && !progressed) {
      return;
    }
    Follower[] told;
    boolean last;
    Briefly.lock(lock);
    try {
      if (completed) {
        return;
      }
      told = current;
      if (change.command() instanceof Command.Progress c) {
        EventDraft due = meter.announce(c, change.at());
        if (due != null) {
          add(new LogEntry(++sequence, change.at(), due));
        }
      }
      for (EventDraft draft : drafts) {
        add(new LogEntry(++sequence, change.at(), draft));
      }
      last = completed;
      if (last) {
        forgetFollowers();
      }
    } finally {
      lock.unlock();
    }
    for (Follower follower : told) {
      if (last) {
        follower.finish();
      } else {
        follower.wake();
      }
    }
  }

  private void add(LogEntry entry) {
    (entry.progress() ? progress : others).add(entry);
    if (progress.size() + others.size() > capacity) {
      // The terminal entry is the youngest of the others, so it is never the one to go.
      (progress.size() > 0 ? progress : others).removeFirst();
      dropped++;
    }
    for (Follower follower : current) {
      follower.offer(entry);
    }
    completed = entry.terminal();
  }

  /** Ends the log if the terminal event has not: whoever watches gets what there is, no more. */
  public void complete() {
    Follower[] told;
    Briefly.lock(lock);
    try {
      completed = true;
      told = current;
      forgetFollowers();
    } finally {
      lock.unlock();
    }
    for (Follower follower : told) {
      follower.finish();
    }
  }

  /**
   * Streams the events after a sequence, 0 for all that are kept, then follows.
   *
   * @throws BadInputException if {@code afterSequence} is negative
   */
  public EventStream open(long afterSequence) {
    if (afterSequence < 0) {
      throw new BadInputException(
          "events of run " + run + ", afterSequence",
          Long.toString(afterSequence),
          "0 or the sequence of the last event seen",
          "Pass 0 for all events");
    }
    var stream = new LogStream(this, time, afterSequence);
    follow(stream);
    return stream;
  }

  /** As {@link #subscribe(EventListener, int)}, with {@link #DEFAULT_QUEUE}. */
  public EventSubscription subscribe(EventListener listener) {
    return subscribe(listener, DEFAULT_QUEUE);
  }

  /**
   * Calls a listener for each event from now on, on the executor, never on an appending thread.
   *
   * @param queue how many events may wait for the listener; beyond that the oldest are dropped
   * @throws BadInputException if {@code queue} is less than 1
   */
  public EventSubscription subscribe(EventListener listener, int queue) {
    var subscription =
        new EventSubscription(
            this,
            executor,
            requireNonNull(listener, "listener"),
            atLeastOne("event subscription queue", queue));
    if (!follow(subscription)) {
      subscription.finish();
    }
    return subscription;
  }

  /** Returns the events that are kept, oldest first. */
  public List<Event> events() {
    Briefly.lock(lock);
    try {
      return new Timeline(run, EntryRing.inOrder(progress, others));
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many events are kept no longer; progress held back is not counted. */
  public long dropped() {
    Briefly.lock(lock);
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  /** Returns the sequence of the latest event, 0 before the first. */
  public long lastSequence() {
    Briefly.lock(lock);
    try {
      return sequence;
    } finally {
      lock.unlock();
    }
  }

  /** Says whether no event will follow. */
  public boolean completed() {
    return completed;
  }

  RunId run() {
    return run;
  }

  int followers() {
    Briefly.lock(lock);
    try {
      return followers.size();
    } finally {
      lock.unlock();
    }
  }

  /** The oldest kept entry after a sequence. */
  @Nullable LogEntry after(long position) {
    Briefly.lock(lock);
    try {
      LogEntry a = progress.after(position);
      LogEntry b = others.after(position);
      return a == null || (b != null && b.sequence() < a.sequence()) ? b : a;
    } finally {
      lock.unlock();
    }
  }

  void leave(Follower follower) {
    Briefly.lock(lock);
    try {
      if (followers.remove(follower)) {
        current = followers.toArray(NOBODY);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean follow(Follower follower) {
    Briefly.lock(lock);
    try {
      if (completed) {
        return false;
      }
      followers.add(follower);
      current = followers.toArray(NOBODY);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void forgetFollowers() {
    followers.clear();
    current = NOBODY;
  }

  private static int atLeastOne(String where, int value) {
    if (value < 1) {
      throw new BadInputException(
          where, Integer.toString(value), "at least 1", "Leave it out for the default");
    }
    return value;
  }
}
