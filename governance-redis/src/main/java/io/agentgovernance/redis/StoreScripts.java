// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

/**
 * The scripts that change the state of a run. Each checks everything before it writes anything, and
 * touches no key but those it is given. Immutable and thread safe.
 */
record StoreScripts(
    Script create,
    Script append,
    Script restoreLoad,
    Script restore,
    Script project,
    Script leases,
    Script renew,
    Script check,
    Script finish) {

  /** The scripts with the server's own time. */
  static final StoreScripts STANDARD = with(Script.text("prelude"));

  /** The scripts, each after this text, which says how to tell the time. */
  static StoreScripts with(String prelude) {
    return new StoreScripts(
        made("create", prelude),
        made("append", prelude),
        made("restore_load", prelude),
        made("restore", prelude),
        made("project", prelude),
        made("leases", prelude),
        made("lease_renew", prelude),
        made("lease_check", prelude),
        made("finish", prelude));
  }

  private static Script made(String name, String prelude) {
    return Script.of(name, prelude + Script.text(name));
  }
}
