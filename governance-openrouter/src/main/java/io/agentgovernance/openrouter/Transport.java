// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * The connections and threads of one client. Thread safe. No redirect is followed: the key would go
 * to another place with it.
 */
final class Transport implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(2);
  private static final int IDLE_CONNECTIONS = 16;
  private static final long IDLE_SECONDS = 60;

  private final OkHttpClient client;
  private final ThreadPoolExecutor threads = IoThreads.pool();
  private final Set<Job<?>> live = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param settings what differs from the defaults here, such as trust
   */
  Transport(OkHttpClient settings, Duration connectTimeout, Duration idleTimeout) {
    this.client =
        settings
            .newBuilder()
            .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, IDLE_SECONDS, TimeUnit.SECONDS))
            .socketFactory(new PromptSockets())
            .followRedirects(false)
            .followSslRedirects(false)
            .connectTimeout(connectTimeout)
            .readTimeout(idleTimeout)
            .writeTimeout(idleTimeout)
            .eventListenerFactory(Transport::listener)
            .build();
  }

  /** Learns whether the server may have seen anything of a request. */
  private static EventListener listener(Call call) {
    Slot slot = call.request().tag(Slot.class);
    return new EventListener() {
      @Override
      public void requestHeadersStart(Call of) {
        Job<?> job = slot == null ? null : slot.job;
        if (job != null) {
          job.noteSent();
        }
      }
    };
  }

  /** Tells the listener of a call its job, which is made after the call. */
  private static final class Slot {
    private volatile @Nullable Job<?> job;
  }

  /**
   * Begins an exchange; whoever calls this waits for it.
   *
   * @throws ModelException if it cannot begin
   */
  <T> Job<T> begin(Request request, Duration limit, TimeSource time, Job.Reader<T> reader) {
    Slot slot = new Slot();
    Call call = client.newCall(request.newBuilder().tag(Slot.class, slot).build());
    call.timeout().timeout(Math.max(1, limit.toMillis()), TimeUnit.MILLISECONDS);
    Job<T> job = new Job<>(call, reader, time, live::remove);
    slot.job = job;
    live.add(job);
    time.taskStarted(); // a time source moved by hand stands still while the server works
    try {
      threads.execute(job);
    } catch (RejectedExecutionException e) {
      job.refused();
      throw refused(e);
    }
    if (closed) {
      job.abort(Job.Left.CLOSED);
    }
    return job;
  }

  private ModelException refused(RejectedExecutionException cause) {
    return closed
        ? closedException()
        : ModelException.of(
                Kind.UNAVAILABLE,
                "openrouter: more than "
                    + threads.getMaximumPoolSize()
                    + " calls at once on one client. Use fewer agents at a time.")
            .cause(cause)
            .build();
  }

  static ModelException closedException() {
    return new ModelException(Kind.ABORTED, "openrouter: the client is closed");
  }

  /** Aborts all exchanges and frees connections and threads. Idempotent; waits at most 2 s. */
  @Override
  public void close() {
    closed = true;
    live.forEach(job -> job.abort(Job.Left.CLOSED));
    threads.shutdown();
    boolean interrupted = false;
    try {
      boolean unused = threads.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    client.connectionPool().evictAll();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
