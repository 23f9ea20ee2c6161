// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import java.sql.Connection;
import java.sql.SQLException;

/** Where tests make the store fail. Does nothing unless overridden. */
interface Probe {
  /** Disturbs nothing. */
  Probe NONE = new Probe() {};

  /** A connection for writing was opened. */
  default void opened(Connection connection) throws SQLException {}

  /** The writer is about to take a step, such as {@code BEGIN}. */
  default void step(String name) throws SQLException {}

  /** How many entries the index is behind before it follows. */
  default int indexPortion() {
    return EntryIndex.PORTION;
  }

  /** The writer has committed and acknowledges next. */
  default void committed() {}
}
