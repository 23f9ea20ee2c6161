// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The blackboard of a run, under whatever lock the machine's owner holds. */
final class BoardBook {
  private static final int MAX_KEYS = 10_000;
  private static final int MAX_WRITES = 100_000;
  private static final int MAX_KEY_LENGTH = 256;

  private final TreeMap<String, BlackboardEntry> entries = new TreeMap<>();
  private final Map<String, BlackboardEntry> writes = new HashMap<>(4);

  BoardBook() {}

  /** The same entries, which go their own way from here. */
  BoardBook(BoardBook origin) {
    entries.putAll(origin.entries);
    writes.putAll(origin.writes);
  }

  @Nullable BlackboardEntry entry(String key) {
    return entries.get(key);
  }

  /** The entries whose keys begin so, in the order of their keys. */
  List<BlackboardEntry> entries(String prefix) {
    Stream<BlackboardEntry> from = entries.tailMap(prefix, true).values().stream();
    return from.takeWhile(entry -> entry.key().startsWith(prefix)).toList();
  }

  Applied<?> write(RunMachine run, Command.Write c, Instant now) {
    BlackboardEntry repeated = writes.get(c.writeId());
    if (repeated != null) {
      return Applied.dup(0, repeated);
    }
    BlackboardEntry current = entries.get(c.key());
    long version = current == null ? 0 : current.version();
    if (c.expectedVersion() != Command.Write.ANY && c.expectedVersion() != version) {
      return Applied.refused(
          Status.CONFLICT, "VERSION:" + version + (current == null ? "" : ":" + current.writer()));
    }
    if ((current == null && entries.size() >= MAX_KEYS)
        || writes.size() >= MAX_WRITES
        || c.key().length() > MAX_KEY_LENGTH
        || c.value().bytes() > RunMachine.MAX_VALUE_BYTES) {
      return Applied.refused(Status.CONFLICT, "LIMIT");
    }
    BlackboardEntry entry = new BlackboardEntry(c.key(), c.value(), version + 1, c.agent(), now);
    entries.put(c.key(), entry);
    writes.put(c.writeId(), entry);
    boolean same = current != null && current.value().equals(c.value());
    return run.made(c, now, entry, same ? List.of(new Effect.SameValue(c.key())) : List.of());
  }
}
