// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.approval.Approvals;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.AuditLedger;
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

  /** A run of this orchestrator: live, or one of the last that ended. */
  Optional<Orchestration> find(RunId run);

  /** The open questions to people. */
  Approvals approvals();

  /**
   * The audit ledger, to query and to verify. One in memory keeps a run's entries for as long as
   * the run can be found.
   */
  AuditLedger ledger();

  /** The effective settings, redacted, each with its origin. */
  String describe();

  /**
   * Admits nothing new, stops the live runs, waits until listeners have had their events, and
   * closes what was named by URI. Idempotent; takes at most 10 s.
   */
  @Override
  void close();
}
