// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.BadInputException;
import io.agentgovernance.agent.ToolFailedException;
import io.agentgovernance.core.Principal;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Log;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.tool.Tool;
import io.agentgovernance.tool.ToolCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One call of a tool on the agent's thread, ended early by its timeout or the agent's end. Thread
 * safe. The interrupt of a timeout is delivered under a lock that the end of the call takes too, so
 * it never reaches what the agent does next.
 */
final class ToolRun implements ToolCall {
  private static final Log log = Log.of(ToolRun.class);
  private static final int MAX_HOOKS = 64;

  private final AgentRunner agent;
  private final Tool tool;
  private final String id;
  private final Duration limit;
  private final long start;
  private final Thread thread = Thread.currentThread();
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> hooks = new ArrayList<>(0);
  private final StuckClock.Pause paused;
  private boolean inside = true;
  private boolean timedOut;
  private volatile boolean aborted;

  ToolRun(AgentRunner agent, Tool tool, String id) {
    this.agent = agent;
    this.tool = tool;
    this.id = id;
    Duration left = agent.run().active().remaining();
    this.limit = tool.timeout().compareTo(left) < 0 ? tool.timeout() : left;
    this.start = agent.run().services().time().ticks();
    this.paused = agent.run().stuck().new Pause();
  }

  Payload run(Payload input) {
    Runnable abort = this::abort;
    agent.control().onCancel(abort);
    paused.hold();
    TimeSource.Timer timer = agent.run().services().time().schedule(limit, this::timeOut);
    Payload output = Payload.empty();
    @Nullable Exception failure = null;
    try {
      output = tool.call(input, this);
    } catch (Exception e) {
      failure = e;
    } finally {
      timer.cancel();
      agent.control().forget(abort);
      leave();
      paused.end();
    }
    if (timedOut) {
      throw new ToolFailedException(tool.name(), "no result within " + limit, failure);
    }
    if (failure != null) {
      throw failed(failure);
    }
    return output;
  }

  private ToolFailedException failed(Exception failure) {
    if (failure instanceof BadInputException) {
      return new ToolFailedException(tool.name(), String.valueOf(failure.getMessage()), failure);
    }
    if (failure instanceof InterruptedException) {
      return new ToolFailedException(tool.name(), "it was interrupted", failure);
    }
    String message = failure.getMessage();
    return new ToolFailedException(
        tool.name(),
        failure.getClass().getSimpleName() + (message == null ? "" : ": " + message),
        failure);
  }

  private void leave() {
    lock.lock();
    try {
      inside = false;
      if (timedOut) {
        Thread.interrupted();
      }
    } finally {
      lock.unlock();
    }
  }

  private void timeOut() {
    lock.lock();
    try {
      if (!inside) {
        return;
      }
      timedOut = true;
      thread.interrupt();
    } finally {
      lock.unlock();
    }
    paused.end(); // a call pauses the stuck clock for its own timeout and no longer
    abort();
  }

  private void abort() {
    List<Runnable> due;
    lock.lock();
    try {
      if (aborted) {
        return;
      }
      aborted = true;
      due = List.copyOf(hooks);
      hooks.clear();
    } finally {
      lock.unlock();
    }
    agent.control().callAborts(due);
  }

  private void call(Runnable hook) {
    try {
      hook.run();
    } catch (RuntimeException e) {
      log.warn("tool {}: an abort hook failed", tool.name(), e);
    }
  }

  @Override
  public String idempotencyKey() {
    return id;
  }

  @Override
  public Duration remaining() {
    Duration left = limit.minusNanos(agent.run().services().time().ticks() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }

  @Override
  public Principal principal() {
    return Principal.agent(agent.id().value(), agent.definition().tier());
  }

  @Override
  public void onAbort(Runnable hook) {
    lock.lock();
    try {
      if (!aborted) {
        if (hooks.size() == MAX_HOOKS) {
          throw new IllegalStateException(
              "more than " + MAX_HOOKS + " abort hooks in one tool call; register one per call");
        }
        hooks.add(hook);
        return;
      }
    } finally {
      lock.unlock();
    }
    call(hook);
  }

  @Override
  public Secret secret(String reference) {
    return agent
        .run()
        .services()
        .credentials()
        .read(
            agent.run().terms().run(),
            agent.id(),
            agent.definition().tier(),
            reference,
            () -> aborted || agent.control().cancelled());
  }

  @Override
  public boolean aborted() {
    return aborted;
  }
}
