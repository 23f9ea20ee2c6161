// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.approval.Approvals;
import io.agentgovernance.core.RunId;
import io.agentgovernance.health.HealthManager;
import io.agentgovernance.spi.AuditLedger;
import java.util.List;
import java.util.Optional;

/**
 * Runs teams of agents toward objectives under enforced rules.
 *
 * <pre>{@code
 * try (var orchestrator = Orchestrator.builder().model("local:").build()) {
 *   OrchestrationResult result = orchestrator.run("Design a caching strategy for 10k reads/s");
 *   System.out.println(result.status() + "\n" + result.report());
 * }
 * }</pre>
 *
 * <p>Thread safe. Before a run is durably started its problems are exceptions; after that they are
 * an {@link Outcome}.
 */
public interface Orchestrator extends AutoCloseable {

  /** Begins the configuration of an orchestrator. It reads no environment variable. */
  static OrchestratorBuilder builder() {
    return new OrchestratorBuilder();
  }

  /**
   * Runs an objective and blocks until it has ended or rests until a person decides. Interrupting
   * the caller stops the run; its result is returned and the caller's interrupt flag is set again.
   *
   * @throws BadInputException if the request cannot be run
   * @throws AdmissionRefusedException if there are no threads for it
   * @throws io.agentgovernance.ledger.LedgerUnavailableException if its start cannot be recorded
   */
  default OrchestrationResult run(String objective) {
    return run(RunRequest.of(objective));
  }

  /** The same with inputs, documents, a team or limits of its own. */
  OrchestrationResult run(RunRequest request);

  /**
   * Starts a run and returns at once. Starting a run id that exists returns the existing run.
   *
   * @throws BadInputException if the request cannot be run, or the id belongs to another objective
   * @throws AdmissionRefusedException if there are no threads for it
   * @throws io.agentgovernance.ledger.LedgerUnavailableException if its start cannot be recorded
   */
  Orchestration start(RunRequest request);

  /**
   * Goes on with a run that another process left, or this one before it was closed: phases that
   * were finished are not entered again, and calls that were finished are answered from what was
   * remembered, not made again. Returns at once; a run that had ended gives its result again.
   *
   * @throws ResumeRefusedException if the run is unknown, somebody is at it, or its team or an
   *     agent's version changed; nothing is changed then
   * @throws AdmissionRefusedException if there are no threads for it
   * @throws io.agentgovernance.checkpoint.CheckpointUnreadableException if what was remembered does
   *     not fit together
   * @throws io.agentgovernance.ledger.LedgerUnavailableException if it cannot be recorded
   */
  default Orchestration resume(RunId run) {
    return resume(ResumeRequest.of(run));
  }

  /** The same with a team, or a time limit, of its own. */
  Orchestration resume(ResumeRequest request);

  /**
   * Runs some roles of a run that another host coordinates, with the models, tools, policies and
   * ledger of this one. The hosts share the coordination store and the checkpoints. Waits until the
   * run has spawned those roles, ten seconds at most.
   *
   * @throws JoinRefusedException if the run is unknown or has ended, its team is another, or
   *     somebody runs one of the roles; nothing is changed then
   * @throws AdmissionRefusedException if there are no threads for them now
   * @throws io.agentgovernance.ledger.LedgerUnavailableException if it cannot be recorded
   */
  Joined join(JoinRequest request);

  /**
   * The runs of the checkpoint store that were started and have not ended, oldest first.
   *
   * @param limit how many at most
   */
  List<UnfinishedRun> unfinished(int limit);

  /**
   * Resumes the runs that nobody is at, as an application does when it starts. Of several processes
   * that recover at once each run goes to one.
   *
   * @param options which runs, and how
   */
  Recovery recover(RecoverOptions options);

  /** A run of this orchestrator: live, or one of the last that ended. */
  Optional<Orchestration> find(RunId run);

  /** The open questions to people. */
  Approvals approvals();

  /**
   * The audit ledger, to query and to verify. One in memory keeps a run's entries for as long as
   * the run can be found.
   */
  AuditLedger ledger();

  /** How stores, ledger, models and secrets are doing, and what that means for new runs. */
  HealthManager health();

  /** The effective settings, redacted, each with its origin. */
  String describe();

  /**
   * Admits nothing new, ends what goes on, waits until listeners have had their events, and closes
   * what was named by URI. With a durable checkpoint store the live runs are left to be resumed:
   * whoever waits for one gets {@link Outcome.Stopped} by {@code orchestrator}, and {@link
   * #resume(RunId)} goes on with it. With one in memory they are stopped for good. Idempotent;
   * takes at most 10 s.
   */
  @Override
  void close();
}
