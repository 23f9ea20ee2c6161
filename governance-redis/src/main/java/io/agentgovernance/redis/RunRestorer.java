// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.spi.RunReplica;
import io.agentgovernance.spi.StaleEpochException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Makes the log of a run again from its changes: beside the one in use, which it then replaces in
 * one step. Confined to one call.
 */
final class RunRestorer {
  /** Tokens are (epoch << 32) + count, and Lua counts exactly up to 2^53. */
  static final long HIGHEST_EPOCH = (1L << 21) - 1;

  private static final int CHUNK_CHARACTERS = 512 * 1024;
  private static final int CHUNK_COMMANDS = 1_000;

  private final RedisConnections connections;
  private final Supplier<StoreScripts> scripts;
  private final RedisKeys keys;
  private final RunTerms terms;
  private final long epoch;
  private final String name;
  private final String keep;

  RunRestorer(
      RedisConnections connections, Supplier<StoreScripts> scripts, RunTerms terms, long epoch) {
    if (epoch < 0 || epoch > HIGHEST_EPOCH) {
      throw new IllegalArgumentException(
          "run '" + terms.run() + "': epoch " + epoch + ", expected 0 to " + HIGHEST_EPOCH);
    }
    this.connections = connections;
    this.scripts = scripts;
    this.keys = RedisKeys.of(terms.tenant(), terms.run());
    this.terms = terms;
    this.epoch = epoch;
    this.name = "restored:" + epoch;
    this.keep = Long.toString(connections.options().keep().toMillis());
  }

  /** Returns the batch that the restored changes are said to have come in. */
  String tail(RunReplica restored) {
    return restored.sequence() == 0 ? "" : name;
  }

  /**
   * Replaces whatever is there.
   *
   * @throws StaleEpochException if the run has this or a later epoch already
   */
  void restore(RunReplica restored, List<Change> changes) {
    load(changes);
    List<String> keysOfAll = new ArrayList<>(List.of(RunLog.allKeys(keys)));
    keysOfAll.add(keys.restoring(epoch));
    run(
        "restore",
        scripts.get().restore(),
        keysOfAll.toArray(String[]::new),
        List.of(
            Long.toString(epoch),
            UUID.randomUUID().toString(),
            DeltaJson.write(new Delta.Opened(terms)),
            Integer.toString(changes.size()),
            name,
            keep,
            restored.status().name(),
            keys.changes()));
    project(restored);
  }

  private void load(List<Change> changes) {
    int at = 0;
    while (at < changes.size()) {
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of(Long.toString(epoch), keep, name, Integer.toString(at + 1)));
      long characters = 0;
      while (at < changes.size()
          && characters < CHUNK_CHARACTERS
          && arguments.size() < CHUNK_COMMANDS) {
        Change change = changes.get(at++);
        String text =
            DeltaJson.write(new Delta.Changed(change.sequence(), change.at(), change.command()));
        characters += text.length();
        arguments.add(text);
      }
      run(
          "restore_load",
          scripts.get().restoreLoad(),
          new String[] {keys.control(), keys.restoring(epoch)},
          arguments);
    }
  }

  /** The values in pieces, so that no call is long. */
  private void project(RunReplica restored) {
    List<BlackboardEntry> values = restored.entries("");
    int at = 0;
    do {
      List<BlackboardEntry> piece = new ArrayList<>();
      long bytes = 0;
      while (at < values.size() && bytes < CHUNK_CHARACTERS && piece.size() < CHUNK_COMMANDS) {
        bytes += values.get(at).value().bytes();
        piece.add(values.get(at++));
      }
      List<String> arguments = new ArrayList<>(List.of(Long.toString(epoch), keep));
      Batch.projections(arguments, restored.agents(), piece);
      run(
          "project",
          scripts.get().project(),
          new String[] {
            keys.control(), keys.agents(), keys.blackboard(), keys.blackboardVersions()
          },
          arguments);
    } while (at < values.size());
  }

  private void run(String what, Script script, String[] of, List<String> arguments) {
    String[] given = arguments.toArray(String[]::new);
    List<Object> answer;
    try {
      answer = connections.call(what, () -> connections.run(script, of, given));
    } catch (RedisFailure e) {
      throw RunLog.unavailable(keys.run(), e);
    }
    String status = (String) answer.get(0);
    if (status.equals("SUPERSEDED")) {
      throw new StaleEpochException(keys.run(), epoch, Math.max(epoch, current()));
    }
    if (!status.equals("OK")) {
      throw new IllegalStateException(
          "run '" + keys.run() + "': " + what + ".lua answered " + status);
    }
  }

  private long current() {
    String found =
        connections.call("HGET", () -> connections.commands().hget(keys.control(), "epoch"));
    return found == null ? 0 : Long.parseLong(found);
  }
}
