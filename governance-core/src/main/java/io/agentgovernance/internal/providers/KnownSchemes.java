// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import static io.agentgovernance.internal.providers.Kind.CHECKPOINTS;
import static io.agentgovernance.internal.providers.Kind.COORDINATION;
import static io.agentgovernance.internal.providers.Kind.LEDGER;
import static io.agentgovernance.internal.providers.Kind.MODEL;
import static io.agentgovernance.internal.providers.Kind.SECRETS;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The schemes this project knows of, on the class path or not. */
final class KnownSchemes {
  private record Known(String artifact, Set<Kind> kinds) {}

  private static final String GROUP = "io.agentgovernance:";
  private static final Known CORE_STORES =
      new Known(GROUP + "governance-core", Set.of(COORDINATION, CHECKPOINTS, LEDGER));
  private static final Known LOCAL = new Known(GROUP + "governance-core", Set.of(MODEL));
  private static final Known REDIS =
      new Known(GROUP + "governance-redis", Set.of(COORDINATION, CHECKPOINTS));
  private static final Known SQLITE =
      new Known(GROUP + "governance-ledger", Set.of(LEDGER, CHECKPOINTS));
  private static final Known OPENROUTER = new Known(GROUP + "governance-openrouter", Set.of(MODEL));
  private static final Known CORE_SECRETS = new Known(GROUP + "governance-core", Set.of(SECRETS));
  private static final Known VAULT = new Known(GROUP + "governance-vault", Set.of(SECRETS));

  private static final Map<String, Known> TABLE =
      Map.of(
          "memory", CORE_STORES,
          "local", LOCAL,
          "redis", REDIS,
          "rediss", REDIS,
          "sqlite", SQLITE,
          "openrouter", OPENROUTER,
          "env", CORE_SECRETS,
          "file", CORE_SECRETS,
          "vault", VAULT);

  private KnownSchemes() {}

  static boolean contains(String scheme) {
    return TABLE.containsKey(scheme);
  }

  /** Returns what to do about a scheme without a provider, as a sentence without its full stop. */
  static String advice(String scheme, Kind kind, Collection<String> loaded) {
    var known = TABLE.get(scheme);
    if (known != null && known.kinds().contains(kind)) {
      return "Add the Maven artifact " + known.artifact() + ", or pass an instance";
    }
    if (VAULT.equals(known)) {
      return "'vault:' names a secret, not "
          + kind.noun()
          + ": use it in a parameter such as '?password=vault:<path>', with the Maven artifact "
          + VAULT.artifact();
    }
    if (known != null) {
      return "'"
          + scheme
          + ":' does not open "
          + kind.noun()
          + ": use another, or pass an instance";
    }
    return nearest(scheme, kind, loaded)
        .map(near -> "Did you mean '" + near + "'?" + ifMissing(near, loaded))
        .orElse("Put the provider's jar on the class path, or pass an instance");
  }

  private static String ifMissing(String scheme, Collection<String> loaded) {
    var known = TABLE.get(scheme);
    return known == null || loaded.contains(scheme)
        ? " If not, put the provider's jar on the class path"
        : " It needs the Maven artifact " + known.artifact();
  }

  private static Optional<String> nearest(String scheme, Kind kind, Collection<String> loaded) {
    var ofThisKind =
        TABLE.entrySet().stream()
            .filter(entry -> entry.getValue().kinds().contains(kind))
            .map(Map.Entry::getKey);
    return Stream.concat(loaded.stream(), ofThisKind)
        .filter(candidate -> distance(scheme, candidate) <= Math.min(2, candidate.length() / 2))
        .min(
            Comparator.comparingInt((String candidate) -> distance(scheme, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Counts the insertions, deletions, replacements and swaps of neighbours between two texts. */
  static int distance(String left, String right) {
    int[][] cost = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return cost[left.length()][right.length()];
  }
}
