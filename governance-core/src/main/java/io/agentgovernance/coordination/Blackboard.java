// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.coordination;

import java.util.List;
import java.util.Optional;

/**
 * The values a team shares, each with a version.
 *
 * <p>An agent's view: usable on its own thread only. Writes are checked by policy and recorded
 * before they take effect.
 */
public interface Blackboard {

  /** The entry of a key. */
  Optional<BlackboardEntry> get(String key);

  /** The entries whose keys start with {@code prefix}, in the order of their keys. */
  List<BlackboardEntry> entries(String prefix);

  /** Writes a value over whatever is there. */
  BlackboardEntry put(String key, Object value);

  /**
   * Writes a value if the key still has {@code expectedVersion}; 0 means that it must be absent.
   *
   * @throws VersionConflictException if it does not; both values are kept, this one in the
   *     exception
   */
  BlackboardEntry put(String key, Object value, long expectedVersion);
}
