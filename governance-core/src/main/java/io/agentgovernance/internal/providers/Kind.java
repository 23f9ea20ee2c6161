// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

/** What a provider opens. */
enum Kind {
  MODEL("a model"),
  LEDGER("an audit ledger"),
  COORDINATION("a coordination store"),
  CHECKPOINTS("a checkpoint store"),
  SECRETS("a secret source");

  private final String noun;

  Kind(String noun) {
    this.noun = noun;
  }

  /** Returns it for messages, with its article. */
  String noun() {
    return noun;
  }
}
