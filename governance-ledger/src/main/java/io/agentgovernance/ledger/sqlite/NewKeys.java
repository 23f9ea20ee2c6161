// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.LedgerDraft;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells of most idempotency keys that they are new without a look into the file: of runs that had
 * no entry when this session first saw them, it has taken notice of every key since. What it does
 * not know to be new is looked up. Its size does not grow: with more keys it knows less. For the
 * writer's thread.
 */
final class NewKeys implements AutoCloseable {
  private static final int WORDS = 1 << 18;
  private static final long BIT_MASK = (long) WORDS * Long.SIZE - 1;
  private static final int PROBES = 4;
  private static final int MAX_RUNS = 8_192;

  private final PreparedStatement findRun;
  private final long[] seen = new long[WORDS];

  /** Whether all keys of a run are among those seen; the runs used last. */
  private final Map<String, Boolean> runs =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MAX_RUNS;
        }
      };

  /**
   * @param before runs of the entries that the index does not have yet
   */
  NewKeys(Connection connection, Collection<String> before) throws SQLException {
    this.findRun = connection.prepareStatement("SELECT 1 FROM entry_by_run WHERE run = ? LIMIT 1");
    before.forEach(run -> runs.put(run, false));
  }

  /** Whether a draft's key is new for certain, if it is not among those the index lacks. */
  boolean isNew(LedgerDraft draft) throws SQLException {
    return isKnown(draft.run().value()) && !contains(hash(draft));
  }

  private boolean isKnown(String run) throws SQLException {
    Boolean known = runs.get(run);
    if (known == null) {
      findRun.setString(1, run);
      try (var row = findRun.executeQuery()) {
        known = !row.next();
      }
      runs.put(run, known);
    }
    return known;
  }

  private boolean contains(long hash) {
    long bits = hash;
    for (int i = 0; i < PROBES; i++) {
      long bit = bits & BIT_MASK;
      if ((seen[(int) (bit >>> 6)] & 1L << bit) == 0) {
        return false;
      }
      bits = next(bits);
    }
    return true;
  }

  /** Takes notice of a key, before it is inserted. */
  void add(LedgerDraft draft) {
    long bits = hash(draft);
    for (int i = 0; i < PROBES; i++) {
      long bit = bits & BIT_MASK;
      seen[(int) (bit >>> 6)] |= 1L << bit;
      bits = next(bits);
    }
  }

  private static long hash(LedgerDraft draft) {
    return next(
        hash(hash(hash(0, draft.run().value()), draft.tenant().value()), draft.idempotencyKey()));
  }

  private static long hash(long seed, String text) {
    long hash = seed * 31 + text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  /** Steele, Lea and Flood's mixing of 64 bits. */
  private static long next(long bits) {
    long mixed = bits + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }

  @Override
  public void close() {
    Connections.closeQuietly(findRun);
  }
}
