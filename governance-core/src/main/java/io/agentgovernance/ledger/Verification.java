// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Digest;
import java.util.function.Function;

/**
 * What recomputing a whole ledger showed. Immutable; exhaustive with {@link #match}.
 *
 * <p>Only {@link Ok} means that every entry ever acknowledged is there and as it was written.
 * {@link UnanchoredTail} is normal after a crash: the chain is whole, but its last entries are not
 * covered by an anchor yet.
 */
public sealed interface Verification {
  /**
   * Every entry is as it was written.
   *
   * @param entries how many were checked
   * @param head hash of the entry with the highest sequence, {@link LedgerHash#GENESIS} if there is
   *     none
   */
  record Ok(long entries, Digest head) implements Verification {
    public Ok {
      requireNonNull(head, "head");
    }
  }

  /**
   * Something was changed, removed from the middle, added or moved.
   *
   * @param firstBadSequence the first sequence at which the chain does not hold: that of the
   *     altered, missing, added or moved entry, or of the one after it if that entry's own hash was
   *     recomputed to fit
   * @param reason what was found there and what was expected
   */
  record Tampered(long firstBadSequence, String reason) implements Verification {
    public Tampered {
      requireNonNull(reason, "reason");
    }
  }

  /**
   * What is there is right, but the last entries are gone.
   *
   * @param missing how many entries are known to be missing, at least 1
   */
  record TailMissing(long missing) implements Verification {}

  /**
   * The chain is whole, but no anchor covers its last entries: a cut and rewritten tail would look
   * the same.
   *
   * @param count how many entries come after the last anchor, at least 1
   */
  record UnanchoredTail(long count) implements Verification {}

  /**
   * The anchors cannot be trusted: the public key is missing or not the one that signed them.
   *
   * @param reason which key was expected and what was found
   */
  record UntrustedKey(String reason) implements Verification {
    public UntrustedKey {
      requireNonNull(reason, "reason");
    }
  }

  /**
   * The ledger could not be read to its end, so nothing is known.
   *
   * @param reason what was tried and what stopped it
   */
  record Unreadable(String reason) implements Verification {
    public Unreadable {
      requireNonNull(reason, "reason");
    }
  }

  /**
   * Returns the answer of the case that applies. Exhaustive: adding a case breaks every caller at
   * compile time.
   */
  default <R> R match(
      Function<? super Ok, ? extends R> ok,
      Function<? super Tampered, ? extends R> tampered,
      Function<? super TailMissing, ? extends R> tailMissing,
      Function<? super UnanchoredTail, ? extends R> unanchoredTail,
      Function<? super UntrustedKey, ? extends R> untrustedKey,
      Function<? super Unreadable, ? extends R> unreadable) {
    if (this instanceof Ok it) {
      return ok.apply(it);
    } else if (this instanceof Tampered it) {
      return tampered.apply(it);
    } else if (this instanceof TailMissing it) {
      return tailMissing.apply(it);
    } else if (this instanceof UnanchoredTail it) {
      return unanchoredTail.apply(it);
    } else if (this instanceof UntrustedKey it) {
      return untrustedKey.apply(it);
    } else if (this instanceof Unreadable it) {
      return unreadable.apply(it);
    }
    throw new AssertionError(this);
  }

  /**
   * Returns the exit code of a verifying command: 0 OK, 1 TAMPERED, 2 TAIL_MISSING, 3
   * UNANCHORED_TAIL, 4 UNREADABLE, 5 UNTRUSTED_KEY.
   */
  default int exitCode() {
    return match(ok -> 0, tampered -> 1, tail -> 2, unanchored -> 3, key -> 5, unreadable -> 4);
  }

  /** Returns the name of this case as written in reports, such as {@code TAIL_MISSING}. */
  default String status() {
    return match(
        ok -> "OK",
        tampered -> "TAMPERED",
        tail -> "TAIL_MISSING",
        unanchored -> "UNANCHORED_TAIL",
        key -> "UNTRUSTED_KEY",
        unreadable -> "UNREADABLE");
  }
}
