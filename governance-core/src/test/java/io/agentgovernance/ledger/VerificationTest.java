// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private static final List<Verification> ALL =
      List.of(
          new Verification.Ok(3, LedgerHash.GENESIS),
          new Verification.Tampered(2, "r"),
          new Verification.TailMissing(1),
          new Verification.UnanchoredTail(4),
          new Verification.Unreadable("r"),
          new Verification.UntrustedKey("r"));

  @Test
  void everyCaseHasItsOwnExitCodeAndOnlyOkIsZero() {
    assertThat(ALL).extracting(Verification::exitCode).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void everyCaseHasTheNameUsedInReports() {
    assertThat(ALL)
        .extracting(Verification::status)
        .containsExactly(
            "OK", "TAMPERED", "TAIL_MISSING", "UNANCHORED_TAIL", "UNREADABLE", "UNTRUSTED_KEY");
  }

  @Test
  void unavailabilityThatMayPassIsRetryable() {
    assertThat(List.of(Reason.values()))
        .filteredOn(reason -> new LedgerUnavailableException(reason, "m").retryable())
        .containsExactly(Reason.BUSY, Reason.FAILED);
  }

  @Test
  void aDurabilityIncludesTheWeakerOnes() {
    assertThat(Durability.DURABLE.atLeast(Durability.PROCESS_CRASH)).isTrue();
    assertThat(Durability.MEMORY.atLeast(Durability.MEMORY)).isTrue();
    assertThat(Durability.PROCESS_CRASH.atLeast(Durability.DURABLE)).isFalse();
  }
}
