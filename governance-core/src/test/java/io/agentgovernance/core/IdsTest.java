// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "0",
        "pipeline-mksufe23",
        "a_b-c",
        "x-",
        "a12345678901234567890123456789012345678901234567890123456789012"
      })
  void idsOfTheFormAreTaken(String value) {
    assertThat(RunId.of(value)).hasToString(value);
    assertThat(AgentId.parse(value).value()).isEqualTo(value);
    assertThat(TenantId.of(value).wireName()).isEqualTo(value);
    assertThat(ProjectId.parse(value)).isEqualTo(ProjectId.of(value));
  }

  @Test
  void randomRunIdsAreIncreasingUlids() {
    var ids = new ArrayList<String>();
    for (int i = 0; i < 1_000; i++) {
      ids.add(RunId.random().value());
    }

    assertThat(ids).isSorted().doesNotHaveDuplicates();
    assertThat(ids).allMatch(id -> id.matches("[0-7][0-9a-hjkmnp-tv-z]{25}"));
  }

  @Test
  void aUlidBeginsWithItsTime() {
    assertThat(new Ulid().next(1_469_918_176_385L)).startsWith("01aryz6s41").hasSize(26);
  }

  @Test
  void ulidsIncreaseWhileTheClockStandsOrGoesBack() {
    var ulid = new Ulid();

    assertThat(new String[] {ulid.next(5), ulid.next(5), ulid.next(4), ulid.next(6)}).isSorted();
  }

  @Test
  void anAgentIdIsRunAndRoleInLowerCase() {
    assertThat(RunId.of("run-1").agent(AgentRole.of("Risk_Analyst")))
        .isEqualTo(AgentId.of("run-1-risk_analyst"));
    assertThatThrownBy(() -> RunId.of("r".repeat(60)).agent(AgentRole.ALPHA))
        .hasMessageContaining("66 characters");
  }

  @Test
  void rolesThatDifferInCaseOnlyAreEqual() {
    assertThat(AgentRole.of("alpha")).isEqualTo(AgentRole.ALPHA).hasSameHashCodeAs(AgentRole.ALPHA);
    assertThat(AgentRole.parse("alpha").wireName()).isEqualTo("alpha");
    assertThat(AgentRole.ALPHA).isNotEqualTo(AgentRole.BETA).hasToString("ALPHA");
    assertThat(Map.of(AgentRole.of("Beta"), 1)).containsKey(AgentRole.BETA);
  }

  @Test
  void eachTierMayDoWhatTheLowerOnesMay() {
    TrustTier lower = TrustTier.T0;
    for (var tier : TrustTier.values()) {
      assertThat(tier.capabilities()).containsAll(lower.capabilities());
      assertThat(tier.covers(lower)).isTrue();
      assertThat(TrustTier.ofLevel(tier.level())).isSameAs(tier);
      lower = tier;
    }
    assertThat(TrustTier.T0.capabilities()).isEqualTo(Set.of(Capability.OBSERVE));
    assertThat(TrustTier.T1.capabilities()).contains(Capability.PLAN, Capability.PROPOSE);
    assertThat(TrustTier.T2.capabilities()).doesNotContain(Capability.EXECUTE_PRODUCTION);
    assertThat(TrustTier.T4.capabilities()).containsExactly(Capability.values());
  }

  @Test
  void aChildNeverExceedsItsParent() {
    assertThat(TrustTier.T3.atMost(TrustTier.T1)).isEqualTo(TrustTier.T1);
    assertThat(TrustTier.T0.atMost(TrustTier.T1)).isEqualTo(TrustTier.T0);
    assertThat(TrustTier.T1.covers(TrustTier.T2)).isFalse();
  }
}
