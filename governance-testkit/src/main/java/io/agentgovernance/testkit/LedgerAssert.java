// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.LedgerEntry;
import io.agentgovernance.ledger.LedgerPage;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.ledger.Verification;
import io.agentgovernance.spi.AuditLedger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a ledger, read anew by each of them. Needs AssertJ on the class path. Not thread
 * safe.
 *
 * <pre>{@code
 * assertThat(ledger).isSound().ofRun(result.run()).everyIntentHasItsOutcome().hasEntries("DENIED", 0);
 * }</pre>
 */
public final class LedgerAssert extends AbstractAssert<LedgerAssert, AuditLedger> {
  private static final String INTENT = "/intent";
  private static final String OUTCOME = "/outcome";

  private final @Nullable RunId run;

  private LedgerAssert(AuditLedger actual, @Nullable RunId run) {
    super(actual, LedgerAssert.class);
    this.run = run;
    as(run == null ? "ledger" : "ledger of run " + run);
  }

  /** Begins assertions on all of a ledger. */
  public static LedgerAssert assertThat(AuditLedger actual) {
    return new LedgerAssert(actual, null);
  }

  /** Goes to the entries of one run. */
  public LedgerAssert ofRun(RunId run) {
    return new LedgerAssert(actual, run);
  }

  /** It verifies, sequences have no gap, no fact is there twice, every intent has its outcome. */
  public LedgerAssert isSound() {
    return verifies().isGapless().hasEachKeyOnce().everyIntentHasItsOutcome();
  }

  /** Recomputing it finds every entry as it was written. */
  public LedgerAssert verifies() {
    isNotNull();
    Verification found = actual.verify();
    if (!(found instanceof Verification.Ok)) {
      failWithMessage("expected a ledger that verifies but found %s", found);
    }
    return this;
  }

  /**
   * Sequences grow one by one, from 1 if it is all of the ledger; those of one run among others
   * only grow.
   */
  public LedgerAssert isGapless() {
    long last = 0;
    for (LedgerEntry entry : entries()) {
      boolean follows = run == null ? entry.sequence() == last + 1 : entry.sequence() > last;
      if (!follows) {
        failWithMessage(
            "expected sequence %s after %s but found %s", last + 1, last, describe(entry));
      }
      last = entry.sequence();
    }
    return this;
  }

  /** No two entries of a tenant and run have the same idempotency key. */
  public LedgerAssert hasEachKeyOnce() {
    Set<List<Object>> seen = new HashSet<>();
    for (LedgerEntry entry : entries()) {
      if (!seen.add(List.of(entry.tenant(), entry.run(), entry.idempotencyKey()))) {
        failWithMessage("expected each key once but found again %s", describe(entry));
      }
    }
    return this;
  }

  /** After every intent comes exactly one outcome, and no outcome is without its intent. */
  public LedgerAssert everyIntentHasItsOutcome() {
    Map<String, LedgerEntry> open = new HashMap<>();
    for (LedgerEntry entry : entries()) {
      if (entry.type().equals(LedgerTypes.INTENT)) {
        open.put(action(entry, INTENT), entry);
      } else if (entry.type().equals(LedgerTypes.OUTCOME)
          && open.remove(action(entry, OUTCOME)) == null) {
        failWithMessage("expected an intent before its outcome %s", describe(entry));
      }
    }
    if (!open.isEmpty()) {
      failWithMessage(
          "expected an outcome for every intent but %s have none: %s",
          open.size(), open.values().stream().map(LedgerAssert::describe).sorted().toList());
    }
    return this;
  }

  /** There are so many entries of a type. */
  public LedgerAssert hasEntries(String type, int expected) {
    List<String> found =
        entries().stream()
            .filter(entry -> entry.type().equals(type))
            .map(LedgerAssert::describe)
            .toList();
    if (found.size() != expected) {
      failWithMessage(
          "expected %s entries of type %s but found %s: %s", expected, type, found.size(), found);
    }
    return this;
  }

  /** There are entries of these types in this order, others in between or not. */
  public LedgerAssert hasTypesInOrder(String... types) {
    Assertions.assertThat(entries())
        .as("%s: types", descriptionText())
        .extracting(LedgerEntry::type)
        .containsSubsequence(types);
    return this;
  }

  /** No entry's body contains this text, such as a secret. */
  public LedgerAssert hasNowhere(String text) {
    for (LedgerEntry entry : entries()) {
      if (entry.body().json().contains(text) || entry.idempotencyKey().contains(text)) {
        failWithMessage("expected it to be nowhere but it is in %s", describe(entry));
      }
    }
    return this;
  }

  private List<LedgerEntry> entries() {
    isNotNull();
    var builder = LedgerQuery.builder().limit(LedgerQuery.MAX_LIMIT);
    LedgerQuery query = run == null ? builder.build() : builder.run(run).build();
    List<LedgerEntry> entries = new ArrayList<>();
    while (true) {
      LedgerPage page = actual.query(query);
      entries.addAll(page.entries());
      if (page.next().isEmpty()) {
        return entries;
      }
      query = query.after(page.next().getAsLong());
    }
  }

  /** What an intent and its outcome have in common. */
  private static String action(LedgerEntry entry, String suffix) {
    String key = entry.idempotencyKey();
    String id = key.endsWith(suffix) ? key.substring(0, key.length() - suffix.length()) : key;
    return entry.tenant() + "/" + entry.run() + "/" + entry.agent() + "/" + id;
  }

  private static String describe(LedgerEntry entry) {
    return "#" + entry.sequence() + " " + entry.type() + " " + entry.idempotencyKey();
  }
}
