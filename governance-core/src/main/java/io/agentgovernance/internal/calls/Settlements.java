// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.Usage;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks providers what calls cost whose end was not seen. Providers know that some seconds later, so
 * each is asked five times within half a minute; what none of them says stays an estimate.
 *
 * <p>Thread safe; nothing here blocks but {@link #close}. Models are asked on one daemon thread,
 * {@code governance-settle-1}, started when needed. At most {@value #MAX_PENDING} calls are asked
 * for at a time, further ones stay estimates.
 */
public final class Settlements implements AutoCloseable {
  static final int MAX_PENDING = 1_000;

  /** How long is waited before each time. */
  static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(1),
          Duration.ofSeconds(2),
          Duration.ofSeconds(4),
          Duration.ofSeconds(8),
          Duration.ofSeconds(16));

  private static final Log log = Log.of(Settlements.class);
  private static final Duration CLOSING = Duration.ofSeconds(2);

  private final TimeSource time;
  private final Set<Claim> pending = ConcurrentHashMap.newKeySet();
  private final ThreadPoolExecutor thread;
  private volatile boolean closed;

  Settlements(TimeSource time) {
    this.time = time;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread made = new Thread(work, "governance-settle-1");
              made.setDaemon(true);
              return made;
            });
    thread.allowCoreThreadTimeOut(true);
  }

  /**
   * Begins to ask.
   *
   * @param settle told of the usage, at most once, on the thread that asks
   * @param over told once that no more is asked, whatever came of it
   */
  public void ask(ChatModel model, String replyId, Consumer<Usage> settle, Runnable over) {
    if (closed || pending.size() >= MAX_PENDING) {
      log.warn("the cost of a model call stays an estimate: too many of them, or closed");
      over.run();
      return;
    }
    Claim claim =
        new Claim(
            requireNonNull(model, "model"),
            requireNonNull(replyId, "replyId"),
            requireNonNull(settle, "settle"),
            requireNonNull(over, "over"));
    pending.add(claim);
    claim.next();
  }

  /** How many calls are asked for. */
  public int pending() {
    return pending.size();
  }

  /** Asks a last time for each, for at most two seconds in all, and ends. Idempotent. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    pending.forEach(Claim::lastTime);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
    pending.forEach(Claim::end);
  }

  /** Says whether the work was taken. */
  private boolean execute(Runnable work) {
    time.taskStarted();
    boolean taken = false;
    try {
      thread.execute(
          () -> {
            try {
              work.run();
            } finally {
              time.taskEnded();
            }
          });
      taken = true;
    } catch (RejectedExecutionException e) {
      log.debug("closed before the cost of a call was known", e);
    } finally {
      if (!taken) {
        time.taskEnded();
      }
    }
    return taken;
  }

  /** One call to ask for. Its times are asked one after the other. */
  private final class Claim {
    private final ChatModel model;
    private final String replyId;
    private final Consumer<Usage> settle;
    private final Runnable over;
    private int asked; // on the one thread, or before it is handed there
    private volatile TimeSource.@Nullable Timer timer;

    Claim(ChatModel model, String replyId, Consumer<Usage> settle, Runnable over) {
      this.model = model;
      this.replyId = replyId;
      this.settle = settle;
      this.over = over;
    }

    void next() {
      timer = time.schedule(WAITS.get(asked), this::lookSoon);
      if (closed) {
        lastTime(); // it was closed meanwhile and may have missed this timer
      }
    }

    void lastTime() {
      TimeSource.Timer waiting = timer;
      if (waiting != null && waiting.cancel()) {
        lookSoon();
      }
    }

    private void lookSoon() {
      if (!execute(this::look)) {
        end();
      }
    }

    void end() {
      if (pending.remove(this)) {
        over.run();
      }
    }

    private void look() {
      asked++;
      Optional<Usage> told = told();
      if (told.isPresent()) {
        settle(told.get());
        end();
      } else if (closed || asked == WAITS.size()) {
        end();
        log.info("the cost of a model call stays an estimate: its provider does not tell it");
      } else {
        next();
      }
    }

    private void settle(Usage usage) {
      try {
        settle.accept(usage);
      } catch (RuntimeException e) {
        log.warn("the cost of a model call could not be settled: {}", Thrown.where(e));
      }
    }

    private Optional<Usage> told() {
      try {
        return model.usageOf(replyId);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      } catch (RuntimeException e) {
        log.debug("the cost of a model call could not be asked for: {}", Thrown.where(e));
        return Optional.empty();
      }
    }
  }
}
