// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Log;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/**
 * The token of this process: gets it when it is first needed, renews it when two thirds of its time
 * have passed, and gets another when it cannot be renewed. Thread safe; one thread at a time talks
 * to Vault about it, the others wait for it.
 */
final class VaultSession implements AutoCloseable {
  private static final Log log = Log.of(VaultSession.class);

  /** A token with less time than that is of no use any more: a request takes some. */
  static final Duration MARGIN = Duration.ofSeconds(5);

  /** After a failed login nobody tries again for that long, but is told of that failure. */
  static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  private static final int MAX_KNOWN = 8;

  private final VaultHttp http;
  private final LoginMethod method;
  private final TimeSource time;
  private final Redactor redactor;
  private final ReentrantLock lock = new ReentrantLock();
  private final ThreadPoolExecutor renewing;

  private final Deque<Redactor.Registration> known = new ArrayDeque<>(2);

  private @Nullable VaultToken current;
  private TimeSource.@Nullable Timer timer;
  private @Nullable SecretUnavailableException failure;
  private long failedAt;
  private volatile boolean closed;

  VaultSession(VaultHttp http, LoginMethod method, TimeSource time, Redactor redactor) {
    this.http = http;
    this.method = method;
    this.time = time;
    this.redactor = redactor;
    this.renewing =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(4),
            task -> {
              Thread thread = new Thread(task, "governance-vault-renewal");
              thread.setDaemon(true);
              return thread;
            });
    renewing.allowCoreThreadTimeOut(true);
  }

  /**
   * Returns a copy of the token, which the caller wipes; logs in if there is none.
   *
   * @throws SecretUnavailableException if Vault gives none
   */
  char[] token() {
    lock.lock();
    try {
      VaultToken token = current;
      if (token != null && !token.expired(time.ticks(), MARGIN)) {
        return token.copy();
      }
      return login().copy();
    } finally {
      lock.unlock();
    }
  }

  /** Says that Vault refused the token; the next one asked for is another, if there can be one. */
  void refused(char[] token) {
    lock.lock();
    try {
      VaultToken known = current;
      if (known != null && known.is(token)) {
        drop();
      }
    } finally {
      lock.unlock();
    }
  }

  private VaultToken login() {
    if (closed) {
      throw VaultErrors.failure(
          Reason.UNUSABLE,
          VaultReference.SCHEME,
          "a closed secret source",
          "an open one",
          "Read secrets while it is open.");
    }
    SecretUnavailableException known = failure;
    if (known != null && time.ticks() - failedAt < AFTER_FAILURE.toNanos()) {
      throw known;
    }
    drop();
    try {
      VaultToken token = method.login();
      failure = null;
      current = token;
      recognise(token);
      plan(token);
      log.info(
          "vault {}: logged in by {}; the token is good for {}",
          http.address(),
          method.name(),
          token.lasts() ? token.ttl() : "ever");
      return token;
    } catch (SecretUnavailableException e) {
      failure = e;
      failedAt = time.ticks();
      throw e;
    }
  }

  /** The last tokens stay known for a while: requests with them may be under way. */
  private void recognise(VaultToken token) {
    known.addLast(token.registered(redactor));
    if (known.size() > MAX_KNOWN) {
      known.removeFirst().close();
    }
  }

  private void drop() {
    VaultToken token = current;
    current = null;
    if (token != null) {
      token.close();
    }
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void plan(VaultToken token) {
    if (token.renewable() && token.lasts()) {
      timer = time.schedule(token.ttl().multipliedBy(2).dividedBy(3), this::renewSoon);
    }
  }

  private void renewSoon() {
    try {
      renewing.execute(this::renew);
    } catch (RejectedExecutionException e) {
      log.debug("vault {}: closed before the token was renewed", http.address());
    }
  }

  private void renew() {
    lock.lock();
    try {
      VaultToken token = current;
      if (token == null || closed) {
        return;
      }
      Duration before = token.ttl();
      Duration granted = renewed(token);
      if (granted.isZero()) {
        return; // it is used while it lasts
      }
      token.renewed(granted, time.ticks());
      if (granted.compareTo(before.dividedBy(2)) < 0 && method.repeatable()) {
        return; // it comes to its greatest age: another is got when it has expired
      }
      plan(token);
    } finally {
      lock.unlock();
    }
  }

  /** Returns for how long the token is good now; zero if it was not renewed. */
  private Duration renewed(VaultToken token) {
    char[] copy = token.copy();
    try {
      VaultAnswer answer =
          http.send(
              VaultReference.SCHEME,
              HttpMethod.POST,
              "auth/token/renew-self",
              copy,
              Payload.of(Map.of("increment", token.ttl().toSeconds() + "s")));
      if (answer.status() == 200) {
        return answer.seconds("/auth/lease_duration");
      }
      log.warn(
          "vault {}: the token was not renewed, status {}; it is used for as long as it lasts",
          http.address(),
          answer.status());
    } catch (SecretUnavailableException e) {
      log.warn("vault {}: the token was not renewed: {}", http.address(), e.getMessage());
    } finally {
      Arrays.fill(copy, '\0');
    }
    return Duration.ZERO;
  }

  boolean repeatable() {
    return method.repeatable();
  }

  /** Revokes a token that was got by logging in, once, and forgets it. */
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      VaultToken token = current;
      if (token != null && method.repeatable() && !token.batch()) {
        revoke(token);
      }
      drop();
      known.forEach(Redactor.Registration::close);
      known.clear();
    } finally {
      lock.unlock();
    }
    renewing.shutdownNow();
  }

  private void revoke(VaultToken token) {
    char[] copy = token.copy();
    try {
      VaultAnswer answer =
          http.once(
              VaultReference.SCHEME,
              HttpMethod.POST,
              "auth/token/revoke-self",
              copy,
              Payload.empty());
      log.debug("vault {}: the token was revoked, status {}", http.address(), answer.status());
    } catch (VaultHttp.LostException | SecretUnavailableException e) {
      log.warn(
          "vault {}: the token was not revoked: {}; it expires within {}",
          http.address(),
          e.getMessage(),
          token.ttl());
    } finally {
      Arrays.fill(copy, '\0');
    }
  }
}
