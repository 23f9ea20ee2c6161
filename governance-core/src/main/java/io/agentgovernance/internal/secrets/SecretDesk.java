// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.internal.providers.ProviderUri;
import io.agentgovernance.internal.providers.Providers;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.spi.SecretSourceProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Reads secrets by reference: from the host's source, or from the source of the scheme, which is
 * opened when it is first needed. Keeps what was read for a while. Thread safe; reading blocks.
 *
 * <p>Of several threads that want one reference at once, one reads it and the others get what it
 * got, a failure included. When the time is up the source is asked again; if it fails then, so does
 * the read: nothing is served that the source would no longer give.
 */
public final class SecretDesk implements SecretSource {
  /** The most references kept at a time; of more the oldest are read again. */
  static final int MAX_KEPT = 1_024;

  private final @Nullable SecretSource host;
  private final Providers<SecretSourceProvider, SecretSource> providers;
  private final Lent lent;
  private final long keptNanos;
  private final Redactor redactor;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Shelf> shelves = new LinkedHashMap<>();
  private final Map<String, SecretSource> opened = new LinkedHashMap<>();
  private boolean closed;

  /**
   * A desk.
   *
   * @param host the host's own source, asked before those found by scheme
   * @param lent what sources are opened with
   * @param kept how long a secret is kept before its source is asked again
   * @param redactor what takes the secrets that were read here out of texts, until this is closed
   */
  public SecretDesk(
      @Nullable SecretSource host,
      Providers<SecretSourceProvider, SecretSource> providers,
      Lent lent,
      Duration kept,
      Redactor redactor) {
    this.host = host;
    this.providers = requireNonNull(providers, "providers");
    this.lent = requireNonNull(lent, "lent");
    this.keptNanos = kept.toNanos();
    this.redactor = requireNonNull(redactor, "redactor");
  }

  @Override
  public Secret read(String reference) {
    requireNonNull(reference, "reference");
    Shelf shelf = shelf(reference);
    return shelf.read(() -> fetch(reference), lent.time(), keptNanos);
  }

  private Shelf shelf(String reference) {
    lock.lock();
    try {
      refuseIfClosed(reference);
      Shelf known = shelves.computeIfAbsent(reference, any -> new Shelf(any, redactor));
      if (shelves.size() > MAX_KEPT) {
        var oldest = shelves.entrySet().iterator();
        oldest.next().getValue().clear();
        oldest.remove();
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private Secret fetch(String reference) {
    SecretSource source = source(reference);
    try {
      return requireNonNull(source.read(reference), "what the secret source returned");
    } catch (GovernanceException e) {
      throw e;
    } catch (RuntimeException e) {
      // Its message is not repeated, and it is no cause: it may hold what it was about to return.
      throw new SecretUnavailableException(
          Reason.UNAVAILABLE,
          reference,
          e.getClass().getName() + " from " + source.getClass().getName(),
          "a secret",
          "Look at the secret source; it should throw SecretUnavailableException.");
    }
  }

  private SecretSource source(String reference) {
    lock.lock();
    try {
      refuseIfClosed(reference);
    } finally {
      lock.unlock();
    }
    if (host != null && host.reads(reference)) {
      return host;
    }
    ProviderUri uri = ProviderUri.parse("secret", reference);
    SecretSource known;
    lock.lock();
    try {
      known = opened.get(uri.scheme());
    } finally {
      lock.unlock();
    }
    if (known != null) {
      return known;
    }
    SecretSource made = providers.open(uri, lent.with(without(uri.scheme())));
    SecretSource unused = made;
    lock.lock();
    try {
      if (!closed) {
        SecretSource before = opened.putIfAbsent(uri.scheme(), made);
        unused = before == null ? null : made;
        return before == null ? made : before;
      }
    } finally {
      lock.unlock();
      if (unused != null) {
        unused.close();
      }
    }
    throw closed(reference);
  }

  /** A source needs secrets to open, of any scheme but its own. */
  private SecretSource without(String scheme) {
    return reference -> {
      if (reference.startsWith(scheme + ":")) {
        throw new SecretUnavailableException(
            Reason.UNUSABLE,
            reference,
            "a secret that its own source needs",
            "one of another scheme",
            "Give the source its credentials as 'env:<NAME>' or 'file:<path>'.");
      }
      return read(reference);
    };
  }

  private void refuseIfClosed(String reference) {
    if (closed) {
      throw closed(reference);
    }
  }

  private static SecretUnavailableException closed(String reference) {
    return new SecretUnavailableException(
        Reason.UNUSABLE,
        reference,
        "a closed orchestrator",
        "an open one",
        "Read secrets while the orchestrator is open.");
  }

  /** Wipes what is kept and closes the sources that were opened here; the host's is the host's. */
  @Override
  public void close() {
    List<SecretSource> toClose;
    lock.lock();
    try {
      closed = true;
      shelves.values().forEach(Shelf::clear);
      shelves.clear();
      toClose = new ArrayList<>(opened.values());
      opened.clear();
    } finally {
      lock.unlock();
    }
    toClose.forEach(SecretSource::close);
  }
}
