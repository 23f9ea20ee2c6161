// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.Objects.requireNonNull;

/**
 * The names of all keys in Redis or DragonflyDB. Immutable and thread safe.
 *
 * <p>The static methods name projections for people and tools: they expire, exist for the tenant
 * {@code default} only, and are never read back. The truth of a run is under {@code
 * pipeline:{<tenant>/<run>}:…}, in one cluster slot:
 *
 * <pre>{@code
 * String key = RedisKeys.of(TenantId.DEFAULT, run).blackboard();
 * }</pre>
 *
 * @param tenant whose run it is
 * @param run the run
 */
public record RedisKeys(TenantId tenant, RunId run) {
  /** Checks that both are given. */
  public RedisKeys {
    requireNonNull(tenant, "tenant");
    requireNonNull(run, "run");
  }

  /** Returns the keys of a run. */
  public static RedisKeys of(TenantId tenant, RunId run) {
    return new RedisKeys(tenant, run);
  }

  /** Returns the projection of an agent's state: {@code agent:<id>:state}. */
  public static String agentState(AgentId agent) {
    return "agent:" + agent.value() + ":state";
  }

  /** Returns the projection of an agent's lease: {@code agent:<id>:lock}. */
  public static String agentLock(AgentId agent) {
    return "agent:" + agent.value() + ":lock";
  }

  /** Returns the projection of a project's agents: {@code project:<id>:agents}. */
  public static String projectAgents(ProjectId project) {
    return "project:" + project.value() + ":agents";
  }

  /**
   * Returns the key that says whose a run is, for who knows only the run: {@code run:<id>:tenant}.
   */
  public static String tenantOf(RunId run) {
    return "run:" + run.value() + ":tenant";
  }

  /**
   * Returns the key of a tenant's runs that have not ended: {@code
   * pipelines:{<tenant>}:unfinished}. It is in another slot than the runs.
   */
  public static String unfinishedRuns(TenantId tenant) {
    return "pipelines:{" + tenant.value() + "}:unfinished";
  }

  /** Returns what every key of the run begins with: {@code pipeline:{<tenant>/<run>}:}. */
  public String prefix() {
    return "pipeline:{" + tenant.value() + "/" + run.value() + "}:";
  }

  /** Returns the key of status, stop flag and counters. */
  public String control() {
    return prefix() + "control";
  }

  /** Returns the key of agent statuses. */
  public String agents() {
    return prefix() + "agents";
  }

  /** Returns the key of blackboard values. */
  public String blackboard() {
    return prefix() + "blackboard";
  }

  /** Returns the key of blackboard versions. */
  public String blackboardVersions() {
    return prefix() + "blackboard_versions";
  }

  /** Returns the key of accepted changes in order. */
  public String log() {
    return prefix() + "log";
  }

  /** Returns the key of the message log. */
  public String messages() {
    return prefix() + "messages";
  }

  /** Returns the key of proposals and ballots. */
  public String proposals() {
    return prefix() + "proposals";
  }

  /** Returns the key of handoffs. */
  public String handoffs() {
    return prefix() + "handoffs";
  }

  /** Returns the key of approvals. */
  public String approvals() {
    return prefix() + "approvals";
  }

  /** Returns the key of reservations and settled spend. */
  public String spend() {
    return prefix() + "spend";
  }

  /** Returns the key of leases and fencing tokens. */
  public String leases() {
    return prefix() + "leases";
  }

  /** Returns the key of the journal. */
  public String journal() {
    return prefix() + "journal";
  }

  /** Returns the key of checkpoints. */
  public String checkpoints() {
    return prefix() + "checkpoints";
  }

  /** Returns the key of a run's epoch and end as the checkpoint store knows them. */
  public String checkpointControl() {
    return prefix() + "checkpoint_control";
  }

  /** Returns the key of what each appender of checkpoints did last. */
  public String checkpointLanes() {
    return prefix() + "checkpoint_lanes";
  }

  /** Returns the key that is there while a process is at the run. */
  public String hold() {
    return prefix() + "hold";
  }

  /** Returns the key of the ids of messages that were published. */
  public String messageIds() {
    return prefix() + "message_ids";
  }

  /** Returns the key of messages that no consumer could handle. */
  public String deadMessages() {
    return prefix() + "messages:dlq";
  }

  /** Returns the key of idempotency keys already applied. */
  public String dedupe() {
    return prefix() + "dedupe";
  }

  /** Returns the Pub/Sub channel on which accepted changes are announced. */
  public String changes() {
    return prefix() + "changes";
  }

  /**
   * Returns the key of a log that is being made again, until it takes the place of {@link #log()}.
   *
   * @param epoch the epoch of whoever makes it
   */
  public String restoring(long epoch) {
    return prefix() + "restoring_" + epoch;
  }
}
