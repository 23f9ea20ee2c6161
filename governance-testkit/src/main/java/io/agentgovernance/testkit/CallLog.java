// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.core.AgentRole;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;

/** The calls of a model: all that run, and the latest of those that ended. Thread safe. */
final class CallLog {
  private static final int SHOWN = 20;

  private final int kept;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<LiveCall> calls = new ArrayDeque<>();
  private final Map<Long, LiveCall> running = new LinkedHashMap<>();
  private final Map<AgentRole, Count> counts = new HashMap<>();
  private long total;
  private boolean closed;

  CallLog(int kept) {
    this.kept = kept;
  }

  private static final class Count {
    private long started;
    private long finished;
  }

  LiveCall begin(ChatRequest request, Exchange exchange) {
    lock.lock();
    try {
      var call = new LiveCall(++total, request, exchange);
      calls.addLast(call);
      if (calls.size() > kept) {
        calls.removeFirst();
      }
      running.put(call.number, call);
      counts.computeIfAbsent(exchange.role(), role -> new Count()).started++;
      if (closed) {
        call.release();
      }
      changed.signalAll();
      return call;
    } finally {
      lock.unlock();
    }
  }

  void end(LiveCall call, ScriptedCall.End end) {
    lock.lock();
    try {
      call.finish(end);
      running.remove(call.number);
      counts.computeIfAbsent(call.exchange.role(), role -> new Count()).finished++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  List<ScriptedCall> calls() {
    lock.lock();
    try {
      return calls.stream().map(LiveCall::snapshot).toList();
    } finally {
      lock.unlock();
    }
  }

  long total() {
    lock.lock();
    try {
      return total;
    } finally {
      lock.unlock();
    }
  }

  int running() {
    lock.lock();
    try {
      return running.size();
    } finally {
      lock.unlock();
    }
  }

  void releaseAll() {
    List<LiveCall> held;
    lock.lock();
    try {
      held = new ArrayList<>(running.values());
    } finally {
      lock.unlock();
    }
    held.forEach(LiveCall::release);
  }

  void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    releaseAll();
  }

  void awaitStarted(AgentRole role, long wanted, Duration patience) {
    await(role, "started", wanted, patience, count -> count.started);
  }

  void awaitFinished(AgentRole role, long wanted, Duration patience) {
    await(role, "finished", wanted, patience, count -> count.finished);
  }

  private void await(
      AgentRole role, String what, long wanted, Duration patience, ToLongFunction<Count> number) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (true) {
        Count count = counts.get(role);
        long found = count == null ? 0 : number.applyAsLong(count);
        if (found >= wanted) {
          return;
        }
        if (left <= 0) {
          throw new AssertionError(
              "waited "
                  + patience
                  + " for "
                  + wanted
                  + " calls of "
                  + role
                  + " to have "
                  + what
                  + " but found "
                  + found
                  + "; the last calls: "
                  + lastCalls());
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for calls of " + role, e);
    } finally {
      lock.unlock();
    }
  }

  private List<ScriptedCall> lastCalls() {
    return calls.stream().skip(Math.max(0, calls.size() - SHOWN)).map(LiveCall::snapshot).toList();
  }
}
