// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.time.TimeSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The place of one secret: what was read last, and who is reading. Thread safe. */
final class Shelf {
  private static final int MAX_KNOWN = 4;

  private final ReentrantLock lock = new ReentrantLock();
  private final String reference;
  private final Redactor redactor;

  /** Of the last values that were read, in the order they were: they may still be on their way. */
  private final Deque<Redactor.Registration> known = new ArrayDeque<>(2);

  private @Nullable Secret kept;
  private long readAt;
  private @Nullable CompletableFuture<Void> reading;

  Shelf(String reference, Redactor redactor) {
    this.reference = reference;
    this.redactor = redactor;
  }

  /** Returns a secret of the caller's own: a copy of what is kept, or of what is read now. */
  Secret read(Supplier<Secret> source, TimeSource time, long keptNanos) {
    while (true) {
      CompletableFuture<Void> others;
      CompletableFuture<Void> mine = new CompletableFuture<>();
      lock.lock();
      try {
        if (kept != null && time.ticks() - readAt < keptNanos) {
          return copy(kept);
        }
        others = reading;
        if (others == null) {
          reading = mine;
        }
      } finally {
        lock.unlock();
      }
      if (others == null) {
        return fetch(source, time, keptNanos, mine);
      }
      Secret got = await(others);
      if (got != null) {
        return got;
      }
    }
  }

  private Secret fetch(
      Supplier<Secret> source, TimeSource time, long keptNanos, CompletableFuture<Void> mine) {
    Secret fresh = null;
    Throwable failure = null;
    try {
      fresh = source.get();
      recognise(fresh);
      return copy(fresh);
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      lock.lock();
      try {
        if (reading == mine) {
          replace(keptNanos > 0 ? fresh : null);
          readAt = time.ticks();
          reading = null;
        }
        if (fresh != null && kept != fresh) {
          fresh.close();
        }
      } finally {
        lock.unlock();
      }
      if (failure == null) {
        mine.complete(null);
      } else {
        mine.completeExceptionally(failure);
      }
    }
  }

  private void recognise(Secret fresh) {
    Redactor.Registration added = fresh.use(redactor::register);
    lock.lock();
    try {
      known.addLast(added);
      if (known.size() > MAX_KNOWN) {
        known.removeFirst().close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Returns null if what the others read is gone already. */
  private @Nullable Secret await(CompletableFuture<Void> others) {
    try {
      others.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("an interruption", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GovernanceException known) {
        throw known;
      }
      throw unavailable("the failure of another thread that read it at the same time", e);
    }
    lock.lock();
    try {
      return kept == null ? null : copy(kept);
    } finally {
      lock.unlock();
    }
  }

  private SecretUnavailableException unavailable(String found, Throwable cause) {
    return new SecretUnavailableException(
        Reason.UNAVAILABLE, reference, found, "a secret", "See the cause.", cause);
  }

  /** Wipes what is kept and forgets it; what is being read will not be kept. */
  void clear() {
    lock.lock();
    try {
      replace(null);
      known.forEach(Redactor.Registration::close);
      known.clear();
      reading = null;
    } finally {
      lock.unlock();
    }
  }

  private void replace(@Nullable Secret next) {
    Secret before = kept;
    kept = next;
    if (before != null) {
      before.close();
    }
  }

  private static Secret copy(Secret secret) {
    return secret.use(Secret::of);
  }
}
