// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint.sqlite;

import io.agentgovernance.ledger.Durability;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a store is opened.
 *
 * @param keepRuns how many ended runs are kept
 * @param keepFor for how long ended runs are kept
 */
record StoreSettings(
    Durability durability, int keepRuns, Duration keepFor, TimeSource time, Probe probe) {

  /** Returns the names of what differs, for one who wants to share an open store. */
  List<String> differencesFrom(StoreSettings other) {
    var names = new ArrayList<String>();
    if (durability != other.durability) {
      names.add("durability");
    }
    if (keepRuns != other.keepRuns) {
      names.add("keepRuns");
    }
    if (!keepFor.equals(other.keepFor)) {
      names.add("keepFor");
    }
    if (time != other.time) {
      names.add("time");
    }
    return names;
  }
}
