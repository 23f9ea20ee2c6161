// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import java.time.Duration;

/**
 * The numbers of an orchestrator.
 *
 * @param timeout active time of a run
 * @param stuckThreshold time without progress that counts as stuck
 * @param conflictThreshold unresolved proposals that count as a conflict
 * @param complexityThreshold score above which an objective counts as complex
 * @param stopGrace how long a run waits for its agents' threads before it returns without them
 * @param stopConfirmation how long {@code stop} waits for confirmations
 * @param ledgerTimeout how long an action waits for the ledger, and the result of a run for stores
 *     outside of this JVM when it is left or they do not answer
 * @param queueTimeout how long a run waits for threads
 * @param retainedRuns how many ended runs can still be found
 */
public record Tuning(
    Duration timeout,
    Duration stuckThreshold,
    int conflictThreshold,
    double complexityThreshold,
    Duration stopGrace,
    Duration stopConfirmation,
    Duration ledgerTimeout,
    Duration queueTimeout,
    int retainedRuns) {}
