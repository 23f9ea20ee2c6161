// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.health;

/** A part that an orchestrator rests on. */
public enum Component {
  /** The coordination store. Unhealthy: new runs are refused. */
  COORDINATION,
  /** The checkpoint store. Unhealthy: new runs are refused. */
  CHECKPOINTS,
  /** The audit ledger. Unhealthy: new runs are refused, and actions are denied as ever. */
  LEDGER,
  /** The model routes. Unhealthy when each is open: calls fail until one lets a probe through. */
  MODELS,
  /** The sources of secrets. Unhealthy: what needs a secret is denied, as ever. */
  SECRETS
}
