// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.TrustTier;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Verdict;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BuiltInPoliciesTest {

  @Test
  void theTierHasToCoverWhatTheActionNeeds() {
    var policy = new TierPolicy();

    for (TrustTier needed : TrustTier.values()) {
      for (TrustTier had : TrustTier.values()) {
        Verdict verdict = policy.check(Actions.action(Action.WRITE, "key", needed, had));

        assertThat(verdict instanceof Verdict.Allow).isEqualTo(had.level() >= needed.level());
      }
    }
  }

  @Test
  void aToolThatWasNotGrantedIsDenied() {
    var policy = new GrantPolicy(action -> action.target().equals("search"));

    assertThat(policy.check(Actions.tool("search"))).isEqualTo(Verdict.allow());
    assertThat(policy.check(Actions.tool("transfer")))
        .isInstanceOfSatisfying(
            Verdict.Deny.class, deny -> assertThat(deny.rule()).isEqualTo(GrantPolicy.RULE));
  }

  @Test
  void grantsAreAboutToolsOnly() {
    var policy = new GrantPolicy(action -> false);

    assertThat(policy.check(Actions.action(Action.MODEL, "m", TrustTier.T0, TrustTier.T0)))
        .isEqualTo(Verdict.allow());
  }

  @Test
  void aKindNobodyNamedIsDenied() {
    var policy = new KnownKindPolicy(Set.of("deploy"));

    for (String kind :
        List.of("model", "tool", "write", "message", "proposal", "ballot", "deploy")) {
      assertThat(policy.check(Actions.action(kind, "x", TrustTier.T0, TrustTier.T0)))
          .isEqualTo(Verdict.allow());
    }
    assertThat(policy.check(Actions.action("teleport", "x", TrustTier.T0, TrustTier.T4)))
        .isInstanceOfSatisfying(
            Verdict.Deny.class, deny -> assertThat(deny.rule()).isEqualTo(KnownKindPolicy.RULE));
    assertThat(
            new KnownKindPolicy().check(Actions.action("deploy", "x", TrustTier.T0, TrustTier.T4)))
        .isInstanceOf(Verdict.Deny.class);
  }
}
