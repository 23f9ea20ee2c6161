// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.model.Usage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is charged for a call whose end was not seen, or that failed. */
class UnknownCostTest extends Budgeted {
  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"TIMEOUT", "MALFORMED_REPLY"})
  void anUnknownOutcomeStaysChargedAtItsReservation(Kind kind) {
    OrchestrationResult result =
        run(asking(1).model("m", failing(ModelException.of(kind, "?").pointlessToRetry())));

    long reserved = reserved(ledger.entries(LedgerTypes.INTENT).get(0));
    assertThat(result.usage().estimatedTokens()).isEqualTo(reserved);
    assertThat(result.usage().estimatedCost()).isEqualByComparingTo("" + reserved);
    assertThat(result.usage().tokens()).isZero();
    assertThat(result.usage().reservedTokens()).isZero();
    assertThat(KeptLedger.field(ledger.entries(LedgerTypes.OUTCOME).get(0), "charged"))
        .isEqualTo("ESTIMATE");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"RATE_LIMITED", "UNAVAILABLE", "PAYMENT", "NOT_FOUND", "INVALID_REQUEST", "REFUSED"})
  void whatTheProviderTurnedAwayIsNotCharged(Kind kind) {
    OrchestrationResult result =
        run(asking(1).model("m", failing(ModelException.of(kind, "?").pointlessToRetry())));

    assertThat(result.usage().committedTokens()).isZero();
  }

  @Test
  void aFailureThatTellsItsUsageIsChargedWithThat() {
    OrchestrationResult result =
        run(
            asking(1)
                .model(
                    "m",
                    failing(
                        ModelException.of(Kind.MALFORMED_REPLY, "?")
                            .pointlessToRetry()
                            .usage(Usage.of(20, 30)))));

    assertThat(result.usage().tokens()).isEqualTo(50);
    assertThat(result.usage().estimatedTokens()).isZero();
  }

  @Test
  void aCallThatRanOutOfItsTimeIsChargedAsAnEstimate() {
    ChatModel hangs =
        (request, exchange) -> {
          exchange.time().waiter().await(Duration.ofDays(1));
          return Scenes.reply("never");
        };

    OrchestrationResult result =
        run(asking(1).callTimeout(Duration.ofSeconds(100)).model("m", hangs));

    assertThat(result.usage().estimatedTokens()).isPositive();
    assertThat(result.usage().committedTokens()).isEqualTo(result.usage().estimatedTokens());
  }

  @Test
  void anAttemptOfUnknownOutcomeStaysChargedAlsoIfTheNextSucceeds() {
    ChatModel secondTime =
        (request, exchange) -> {
          if (calls.incrementAndGet() == 1) {
            throw new ModelException(Kind.TIMEOUT, "no answer");
          }
          return Scenes.reply("ok");
        };

    OrchestrationResult result = run(asking(1).model("m", secondTime));

    assertThat(calls).hasValue(2);
    assertThat(ledger.entries(LedgerTypes.INTENT)).hasSize(2);
    assertThat(ledger.entries(LedgerTypes.OUTCOME)).hasSize(2);
    assertThat(result.usage().tokens()).isEqualTo(2);
    assertThat(result.usage().estimatedTokens())
        .isEqualTo(reserved(ledger.entries(LedgerTypes.INTENT).get(0)));
  }

  @Test
  void anAttemptThatWasTurnedAwayKeepsItsOneReservationForTheNext() {
    ChatModel secondTime =
        (request, exchange) -> {
          if (calls.incrementAndGet() == 1) {
            throw new ModelException(Kind.UNAVAILABLE, "come back later");
          }
          return Scenes.reply("ok");
        };

    OrchestrationResult result = run(asking(1).model("m", secondTime));

    assertThat(calls).hasValue(2);
    assertThat(ledger.entries(LedgerTypes.INTENT)).hasSize(1);
    assertThat(result.usage().committedTokens()).isEqualTo(2);
  }

  private static ChatModel failing(ModelException.Builder error) {
    return priced(
        (request, exchange) -> {
          throw error.build();
        });
  }
}
