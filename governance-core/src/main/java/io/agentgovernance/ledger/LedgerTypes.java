// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

/**
 * Entry types the library writes. The set is open: a host or a later version may write others, and
 * readers must accept types they do not know. A type matches {@value LedgerDraft#TYPE_PATTERN}.
 */
public final class LedgerTypes {
  /** A run was accepted; the body holds the digests of its request and effective settings. */
  public static final String RUN_STARTED = "RUN_STARTED";

  /** A persisted run was taken over, with its new fencing epoch. */
  public static final String RUN_RESUMED = "RUN_RESUMED";

  /** This node runs some agents of a run that another coordinates: epoch, definition, roles. */
  public static final String RUN_JOINED = "RUN_JOINED";

  /** The run has a new pipeline status. */
  public static final String STATUS = "STATUS";

  /** An external action is about to happen. Durable before the action starts. */
  public static final String INTENT = "INTENT";

  /** What came of the external action of an earlier {@link #INTENT}. */
  public static final String OUTCOME = "OUTCOME";

  /**
   * What a model call cost whose outcome was unknown, as its provider said later. The only entry
   * that may come after the last one of its run.
   */
  public static final String SETTLED = "SETTLED";

  /** An action was refused; nothing happened. */
  public static final String DENIED = "DENIED";

  /** A step that is durable by itself has come to a result. */
  public static final String STEP = "STEP";

  /** A blackboard write. */
  public static final String WRITE = "WRITE";

  /** A message from one agent to another, or to all. */
  public static final String MESSAGE = "MESSAGE";

  /** A proposal was posted. */
  public static final String PROPOSAL = "PROPOSAL";

  /** A ballot was cast. */
  public static final String BALLOT = "BALLOT";

  /** The one decision on a proposal. */
  public static final String DECISION = "DECISION";

  /** An agent was spawned, with its role, version and tier. */
  public static final String SPAWNED = "SPAWNED";

  /** An agent lost its right to act. */
  public static final String REVOKED = "REVOKED";

  /** An agent's unfinished work was put up for, or claimed by, another. */
  public static final String HANDOFF = "HANDOFF";

  /** A person was asked, or answered. */
  public static final String APPROVAL = "APPROVAL";

  /** A run, agent, tenant or everything was stopped. */
  public static final String STOP = "STOP";

  /** A remark of the host. */
  public static final String NOTE = "NOTE";

  private LedgerTypes() {}
}
