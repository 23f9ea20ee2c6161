// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Denial;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.tool.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyRulesTest extends Policed {
  @Test
  void theFirstDenialEndsTheChain() {
    var asked = new AtomicInteger();
    Policy first = action -> Verdict.deny("FIRST", "no");
    Policy second =
        action -> {
          asked.incrementAndGet();
          return Verdict.deny("SECOND", "no");
        };

    OrchestrationResult result =
        Scenes.run(builder(granted(new Transfer(1))).policy(first).policy(second));

    assertThat(result.solution()).contains(Payload.text("FIRST"));
    assertThat(asked).hasValue(0);
  }

  @Test
  void aDenialIsListedToldAndRecordedOnce() {
    OrchestrationResult result =
        Scenes.run(
            builder(granted(new Transfer(1)))
                .policy(((Policy) action -> Verdict.deny("NO", "not today")).named("mood", "7")));

    Denial denial = result.denials().get(0);
    assertThat(result.denials()).hasSize(1);
    assertThat(denial.action()).isEqualTo("tool:transfer");
    assertThat(denial.policy()).isEqualTo("mood@7");
    assertThat(denial.reason()).isEqualTo("not today");
    assertThat(Scenes.events(result, EventTypes.ACTION_DENIED)).hasSize(1);
    assertThat(ledger.entries(LedgerTypes.DENIED)).hasSize(1);
    assertThat(KeptLedger.field(ledger.entries(LedgerTypes.DENIED).get(0), "policy"))
        .isEqualTo("mood@7");
    assertThat(ledger.entries(LedgerTypes.INTENT)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write", "message", "proposal", "ballot"})
  void whatAPolicyDeniesDoesNotHappen(String kind) {
    Policy policy =
        action ->
            action.kind().equals(kind) ? Verdict.deny("NO", "not this kind") : Verdict.allow();

    OrchestrationResult result = attempt(kind, policy);

    assertDeniedWithoutEffect(result, kind, "NO");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write", "message", "proposal", "ballot"})
  void aPolicyThatThrowsDenies(String kind) {
    Policy policy =
        action -> {
          if (action.kind().equals(kind)) {
            throw new IllegalStateException("broken: " + action.input().text());
          }
          return Verdict.allow();
        };

    OrchestrationResult result = attempt(kind, policy);

    assertDeniedWithoutEffect(result, kind, "POLICY_ERROR");
    assertThat(result.denials().get(0).reason()).doesNotContain("broken");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write", "message", "proposal", "ballot"})
  @SuppressWarnings("NullAway") // the mistake under test
  void aPolicyThatReturnsNullDenies(String kind) {
    Policy policy = action -> action.kind().equals(kind) ? null : Verdict.allow();

    assertDeniedWithoutEffect(attempt(kind, policy), kind, "NULL_VERDICT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write"})
  void aPolicyThatHangsDenies(String kind) {
    var never = new CountDownLatch(1);
    Policy policy =
        action -> {
          if (action.kind().equals(kind)) {
            try {
              never.await();
            } catch (InterruptedException e) {
              return Verdict.allow(); // too late
            }
          }
          return Verdict.allow();
        };

    OrchestrationResult result =
        attempt(kind, policy, builder -> builder.policyTimeout(Duration.ofMillis(20)));

    assertDeniedWithoutEffect(result, kind, "POLICY_TIMEOUT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "tool", "write", "message", "proposal", "ballot"})
  void whatAPolicyAllowsHappens(String kind) {
    OrchestrationResult result = attempt(kind, action -> Verdict.allow());

    assertThat(result.denials()).isEmpty();
    assertThat(effects(result, kind)).isEqualTo(1);
  }

  @Test
  void aPolicySeesWhoWantsToDoWhat() {
    List<Action> seen = new CopyOnWriteArrayList<>();

    OrchestrationResult result =
        Scenes.run(
            builder(granted(new Transfer(3)))
                .policy(
                    action -> {
                      seen.add(action);
                      return Verdict.allow();
                    }));

    Action action = seen.get(0);
    assertThat(seen).hasSize(1);
    assertThat(action.name()).isEqualTo("tool:transfer");
    assertThat(action.input()).isEqualTo(Payload.of(new Transfer(3)));
    assertThat(action.effect()).isEqualTo(Effect.ONCE);
    assertThat(action.tier()).isEqualTo(TrustTier.T1);
    assertThat(action.required()).isEqualTo(TrustTier.T1);
    assertThat(action.run()).isEqualTo(result.run());
    assertThat(action.agent()).isEqualTo(result.agents().get(0).id());
    assertThat(action.phase()).isEqualTo(AgentPhase.EXECUTE);
  }

  @Test
  void theIntentNamesThePoliciesThatWereAskedWithTheirVersions() {
    Scenes.run(
        builder(granted(new Transfer(3)))
            .policy(((Policy) action -> Verdict.allow()).named("mine", "2026-01")));

    assertThat(KeptLedger.field(ledger.entries(LedgerTypes.INTENT).get(0), "policies"))
        .contains("tier@1", "grant@1", "mine@2026-01");
  }

  @Test
  void aThreadTheBodyStartedItselfIsRefused() {
    Map<String, Throwable> thrown = new ConcurrentHashMap<>();
    Agent agent =
        Agent.of(
                "one",
                ctx -> {
                  CompletableFuture.runAsync(
                          () ->
                              actions()
                                  .forEach(
                                      (kind, action) -> {
                                        try {
                                          action.accept(ctx);
                                        } catch (RuntimeException e) {
                                          thrown.put(kind, e);
                                        }
                                      }))
                      .join();
                  return "";
                })
            .tools("transfer");

    OrchestrationResult result = Scenes.run(builder(agent));

    assertThat(thrown).hasSize(5).doesNotContainKey(Action.BALLOT);
    assertThat(thrown.values())
        .allSatisfy(
            e ->
                assertThat(e)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("own thread"));
    assertThat(bank.transferred()).isEmpty();
    assertThat(modelCalls).hasValue(0);
    assertThat(result.proposals()).isEmpty();
  }
}
