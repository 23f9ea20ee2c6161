// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.Usage;
import io.agentgovernance.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP exchange on a thread of its own, and whoever waits for it. The waiting thread leaves
 * when the time is over, the call is aborted, or it is interrupted, whatever the network does;
 * nothing of the exchange reaches it afterwards.
 *
 * @param <T> what is made of the response
 */
final class Job<T> implements Runnable {
  /** Makes something of a response. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Response response, Job<?> job) throws IOException;
  }

  /** Why the waiting thread left without a result. */
  enum Left {
    TIME_IS_OVER,
    ABORTED,
    CLOSED
  }

  private final Call call;
  private final Reader<T> reader;
  private final TimeSource time;
  private final TimeSource.Waiter waiter;
  private final Consumer<Job<?>> ended;

  private @Nullable T result; // written before done
  private @Nullable Throwable error; // written before done
  private volatile boolean done;
  private volatile @Nullable Left left;
  private volatile boolean gone;
  private volatile boolean sent;
  private volatile @Nullable String replyId;
  private volatile @Nullable Usage usage;

  Job(Call call, Reader<T> reader, TimeSource time, Consumer<Job<?>> ended) {
    this.call = call;
    this.reader = reader;
    this.time = time;
    this.waiter = time.waiter();
    this.ended = ended;
  }

  /** Runs the exchange. */
  @Override
  public void run() {
    try (Response response = call.execute()) {
      result = reader.read(response, this);
      // Before the response is closed: what is left of it is not worth waiting for.
      finish();
    } catch (Throwable e) {
      error = e;
    } finally {
      finish();
      time.taskEnded();
      ended.accept(this);
    }
  }

  private void finish() {
    done = true;
    waiter.signal();
  }

  /** Keeps the exchange from being waited for although no thread could be had for it. */
  void refused() {
    time.taskEnded();
    ended.accept(this);
  }

  /** Ends the exchange early. Does not block. */
  void abort(Left why) {
    if (left == null) {
      left = why;
    }
    call.cancel();
    waiter.signal();
  }

  /**
   * Waits for the end.
   *
   * @return null when the exchange has ended, else why it did not
   * @throws InterruptedException if the thread is interrupted; the exchange is aborted then
   */
  @Nullable Left await(Duration limit) throws InterruptedException {
    long start = time.ticks();
    try {
      while (!done) {
        Duration rest = limit.minusNanos(time.ticks() - start);
        boolean signalled = waiter.await(rest);
        if (done) {
          break;
        }
        if (left == null && !signalled) {
          abort(Left.TIME_IS_OVER);
        }
        if (left != null) {
          return left;
        }
      }
      return null;
    } catch (InterruptedException e) {
      abort(Left.ABORTED);
      throw e;
    } finally {
      gone = true;
    }
  }

  /** What was made of the response. Only after {@link #await} has returned null. */
  @Nullable T result() {
    return result;
  }

  /** What went wrong instead. Only after {@link #await} has returned null. */
  @Nullable Throwable error() {
    return error;
  }

  /** Says whether nobody waits any more. */
  boolean gone() {
    return gone || left != null;
  }

  /** Why the exchange was ended early; null if it was not. */
  @Nullable Left left() {
    return left;
  }

  void noteSent() {
    sent = true;
  }

  /** Says whether the server may have seen anything of the request. */
  boolean sent() {
    return sent;
  }

  void note(@Nullable String id, @Nullable Usage consumed) {
    if (id != null) {
      replyId = id;
    }
    if (consumed != null) {
      usage = consumed;
    }
  }

  @Nullable String replyId() {
    return replyId;
  }

  @Nullable Usage usage() {
    return usage;
  }
}
