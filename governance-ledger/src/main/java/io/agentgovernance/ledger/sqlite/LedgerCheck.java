// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.ledger.LedgerHash;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.TailMissing;
import io.agentgovernance.ledger.Verification.Tampered;
import io.agentgovernance.ledger.Verification.UnanchoredTail;
import io.agentgovernance.ledger.Verification.Unreadable;
import io.agentgovernance.ledger.Verification.UntrustedKey;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares a ledger's file with itself, with its anchors, and with anchors kept elsewhere. Only
 * reads. One instance checks once.
 *
 * <p>Every anchor is compared with the chain, but only the signature of the last one is checked: it
 * covers all entries before. The others tell where a rewritten chain departs from what it was, and
 * are checked when they disagree.
 */
final class LedgerCheck {
  private final LedgerPath path;
  private final Collection<Anchor> outside;
  private final List<PublicKey> trusted;

  private String id = "";
  private @Nullable Anchor last;
  private @Nullable Verification problem;
  private long problemAt = Long.MAX_VALUE;

  LedgerCheck(LedgerPath path, Collection<Anchor> outside, List<PublicKey> trusted) {
    this.path = path;
    this.outside = List.copyOf(outside);
    this.trusted = List.copyOf(trusted);
  }

  Verification run(LedgerProgress progress) {
    try (Connection connection = Connections.toRead(path)) {
      LedgerSchema.Origin ledger = LedgerSchema.checkReadable(connection, path);
      id = ledger.id();
      // First, so that the chain is at least as long when it is read.
      AnchorLog.read(path.anchors(), (line, anchor) -> compare(connection, anchor));
      var ours = outside.stream().filter(anchor -> anchor.ledgerId().equals(id)).toList();
      if (ours.isEmpty() && !outside.isEmpty()) {
        return noneIsOurs();
      }
      for (Anchor anchor : ours) {
        compare(connection, anchor);
      }
      Head head = Entries.head(connection);
      var chain = new ChainCheck(path, ledger.version(), head);
      Verification found = verdict(chain.run(progress), head);
      String index = chain.indexProblem();
      return index == null || !isWhole(found)
          ? found
          : new Unreadable("ledger %s: %s".formatted(path, index));
    } catch (NoSuchFileException e) {
      return new Unreadable("there is no file " + path);
    } catch (SQLException | IOException | GovernanceException e) {
      return new Unreadable("ledger %s: %s".formatted(path, e.getMessage()));
    }
  }

  private static boolean isWhole(Verification found) {
    return found instanceof Ok || found instanceof UnanchoredTail;
  }

  /** Else one could give a changed ledger another id, and nobody would compare it with them. */
  private Verification noneIsOurs() {
    return new Unreadable(
        "ledger %s: it says it is ledger %s, and none of the %d anchors kept elsewhere is of that ledger; the first is of %s. Name the anchors of this ledger. If they are, its id was changed"
            .formatted(path, id, outside.size(), outside.iterator().next().ledgerId()));
  }

  /**
   * Looks at the end only, which is quick: the last entries and the last anchors.
   *
   * @param entries how many entries to recompute at most
   */
  Verification runTail(Connection connection, long entries) {
    try {
      id = LedgerSchema.checkReadable(connection, path).id();
      AnchorLog.readTail(path.anchors(), (line, anchor) -> compare(connection, anchor));
      Head head = Entries.head(connection);
      var scan = new ChainScan(connection);
      long start = head.sequence() - entries;
      byte[] before = start > 0 ? Entries.hashOf(connection, start) : null;
      if (before != null && before.length == LedgerHash.BYTES) {
        scan.after(new Head(start, LedgerHash.digest(before)));
      }
      return verdict(scan.to(head.sequence()), head);
    } catch (SQLException | IOException | GovernanceException e) {
      return new Unreadable("ledger %s: %s".formatted(path, e.getMessage()));
    }
  }

  private void compare(Connection connection, Anchor anchor) throws IOException {
    Anchor soFar = last;
    if (soFar == null || anchor.sequence() > soFar.sequence()) {
      last = anchor;
    }
    try {
      byte[] stored = Entries.hashOf(connection, anchor.sequence());
      boolean ours = anchor.ledgerId().equals(id);
      boolean fits =
          stored == null
              || (stored.length == LedgerHash.BYTES
                  && LedgerHash.digest(stored).equals(anchor.hash()));
      if ((!ours || !fits) && anchor.sequence() < problemAt) {
        problemAt = anchor.sequence();
        problem = ours ? departs(anchor) : foreign(anchor);
      }
    } catch (SQLException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private Verification departs(Anchor anchor) {
    Verification signature = checkSignature(anchor);
    return signature != null
        ? signature
        : new Tampered(
            anchor.sequence(),
            "found another hash than the %s anchored at %s"
                .formatted(anchor.hash().prefix(), anchor.at()));
  }

  private Verification foreign(Anchor anchor) {
    return new Tampered(
        anchor.sequence(),
        "its anchor is of ledger %s, and the file says it is %s".formatted(anchor.ledgerId(), id));
  }

  /** Returns null if a trusted key signed it. */
  private @Nullable Verification checkSignature(Anchor anchor) {
    Anchor.Signature signature = anchor.signature();
    if (signature == null) {
      return new UntrustedKey("the anchor of entry %d is not signed".formatted(anchor.sequence()));
    }
    for (PublicKey key : trusted) {
      if (AnchorKeys.id(key).equals(signature.keyId())) {
        return isGood(anchor, signature, key)
            ? null
            : new Tampered(anchor.sequence(), "its anchor is not as it was signed");
      }
    }
    return new UntrustedKey(
        "the anchor of entry %d names key %s, expected %s"
            .formatted(
                anchor.sequence(),
                signature.keyId(),
                trusted.isEmpty()
                    ? "a public key, and none was given"
                    : "one of " + trusted.stream().map(AnchorKeys::id).toList()));
  }

  private static boolean isGood(Anchor anchor, Anchor.Signature signature, PublicKey key) {
    try {
      return AnchorKeys.verify(
          key, anchor.signedBytes(), Base64.getDecoder().decode(signature.value()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Verification verdict(@Nullable Verification chain, Head head) {
    Verification anchors = problem;
    if (chain != null) {
      boolean comesFirst =
          chain instanceof Tampered tampered && tampered.firstBadSequence() <= problemAt;
      return comesFirst || !(anchors instanceof Tampered) ? chain : anchors;
    }
    if (anchors != null) {
      return anchors;
    }
    Anchor newest = last;
    if (newest == null) {
      return head.sequence() == 0
          ? new Ok(0, LedgerHash.GENESIS)
          : new UnanchoredTail(head.sequence());
    }
    Verification signature = checkSignature(newest);
    if (signature != null) {
      return signature;
    }
    if (newest.sequence() > head.sequence()) {
      return new TailMissing(newest.sequence() - head.sequence());
    }
    return newest.sequence() < head.sequence()
        ? new UnanchoredTail(head.sequence() - newest.sequence())
        : new Ok(head.sequence(), head.hash());
  }
}
