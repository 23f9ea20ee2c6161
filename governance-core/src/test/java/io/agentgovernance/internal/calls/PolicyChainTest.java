// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.internal.calls.Ruling.Allowed;
import io.agentgovernance.internal.calls.Ruling.ApprovalNeeded;
import io.agentgovernance.internal.calls.Ruling.Denied;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyChainTest {
  private static final Policy ALLOW = ((Policy) action -> Verdict.allow()).named("allow", "1");
  private static final Duration HOUR = Duration.ofHours(1);

  private final HandTime time = new HandTime();
  private final Action action = Actions.tool("search");

  @Test
  void allowsWhatEveryPolicyAllowsAndNamesThem() {
    Ruling ruling =
        chain(ALLOW, ((Policy) a -> Verdict.allow()).named("second", "7")).evaluate(action);

    assertThat(ruling).isEqualTo(new Allowed(action, "allow@1,second@7"));
  }

  @Test
  void theFirstDenialEndsTheChain() {
    List<String> asked = new ArrayList<>();

    Ruling ruling =
        chain(
                spy(asked, "a", Verdict.allow()),
                spy(asked, "b", Verdict.deny("RULE", "because")),
                spy(asked, "c", Verdict.deny("OTHER", "later")))
            .evaluate(action);

    assertThat(ruling).isEqualTo(new Denied("b@1", "RULE", "because"));
    assertThat(asked).containsExactly("a", "b");
  }

  @Test
  void laterPoliciesSeeARewrittenAction() {
    var seen = new AtomicReference<Payload>();
    Payload masked = Payload.text("masked");

    Ruling ruling =
        chain(
                a -> Verdict.rewrite(masked, "hide"),
                a -> {
                  seen.set(a.input());
                  return Verdict.allow();
                })
            .evaluate(action);

    assertThat(seen.get()).isEqualTo(masked);
    assertThat(ruling)
        .isInstanceOfSatisfying(
            Allowed.class, r -> assertThat(r.action()).isEqualTo(action.withInput(masked)));
  }

  @Test
  void theFirstRequestForApprovalIsPutAboutTheFinalAction() {
    Payload masked = Payload.text("masked");

    Ruling ruling =
        chain(
                ((Policy) a -> Verdict.requireApproval("first?", HOUR)).named("ask", "3"),
                a -> Verdict.requireApproval("second?", HOUR.multipliedBy(2)),
                ((Policy) a -> Verdict.rewrite(masked, "hide")).named("hide", "1"))
            .evaluate(action);

    assertThat(ruling)
        .isEqualTo(
            new ApprovalNeeded(
                action.withInput(masked), "ask@3", "first?", HOUR, "ask@3,policy@1,hide@1"));
  }

  @Test
  void aDenialOutweighsAnEarlierRequestForApproval() {
    Ruling ruling =
        chain(a -> Verdict.requireApproval("?", HOUR), a -> Verdict.deny("NO", "no"))
            .evaluate(action);

    assertThat(ruling).isInstanceOf(Denied.class);
  }

  @Test
  void builtInPoliciesComeFirst() {
    List<String> asked = new ArrayList<>();
    var chain =
        new PolicyChain(
            List.of(spy(asked, "built-in", Verdict.deny("X", "x"))),
            List.of(spy(asked, "host", Verdict.allow())),
            time);

    chain.evaluate(action);

    assertThat(asked).containsExactly("built-in");
  }

  @Test
  void anEmptyChainDenies() {
    Ruling ruling = new PolicyChain(List.of(), List.of(), time).evaluate(action);

    assertThat(ruling)
        .isInstanceOfSatisfying(
            Denied.class, d -> assertThat(d.rule()).isEqualTo(PolicyChain.NO_POLICY));
  }

  static Stream<Policy> failingPolicies() {
    return Stream.of(
        a -> {
          throw new IllegalStateException("secret prompt");
        },
        a -> {
          throw new AssertionError("secret prompt");
        },
        a -> {
          throw sneaky(new Exception("secret prompt"));
        },
        a -> {
          throw new UnsupportedOperationException() {
            @Override
            public String getMessage() {
              throw new IllegalStateException("no message");
            }
          };
        },
        new Policy() {
          @Override
          public Verdict check(Action action) {
            return Verdict.allow();
          }

          @Override
          public String version() {
            throw new IllegalStateException("backend is down");
          }
        });
  }

  @ParameterizedTest
  @MethodSource("failingPolicies")
  void aPolicyThatFailsDeniesWithoutTellingWhatItSaw(Policy failing) {
    for (PolicyChain chain : bothPlaces(failing)) {
      assertThat(chain.evaluate(action))
          .isInstanceOfSatisfying(
              Denied.class,
              denied -> {
                assertThat(denied.rule()).isEqualTo(PolicyChain.POLICY_ERROR);
                assertThat(denied.reason()).doesNotContain("secret");
              });
    }
  }

  @Test
  void aNullVerdictDenies() {
    for (PolicyChain chain : bothPlaces(a -> null)) {
      assertThat(chain.evaluate(action))
          .isInstanceOfSatisfying(
              Denied.class, d -> assertThat(d.rule()).isEqualTo(PolicyChain.NULL_VERDICT));
    }
  }

  @Test
  void aVirtualMachineErrorPassesThroughAndLeavesNothingBehind() {
    PolicyChain chain =
        chain(
            a -> {
              throw new OutOfMemoryError("test");
            });

    assertThatThrownBy(() -> chain.evaluate(action)).isInstanceOf(OutOfMemoryError.class);
    assertThat(chain.inFlight()).isZero();
  }

  @Test
  void aReloadedPolicyIsRecordedWithItsNewVersion() {
    var version = new AtomicReference<>("1");
    PolicyChain chain =
        chain(
            new Policy() {
              @Override
              public Verdict check(Action action) {
                return Verdict.allow();
              }

              @Override
              public String name() {
                return "rules";
              }

              @Override
              public String version() {
                return version.get();
              }
            });
    assertThat(chain.evaluate(action)).isEqualTo(new Allowed(action, "rules@1"));

    version.set("2");

    assertThat(chain.evaluate(action)).isEqualTo(new Allowed(action, "rules@2"));
  }

  @Test
  void aHundredPoliciesAreAllNamed() {
    PolicyChain chain = new PolicyChain(List.of(), Collections.nCopies(100, ALLOW), time);

    assertThat(chain.evaluate(action))
        .isInstanceOfSatisfying(
            Allowed.class, r -> assertThat(r.policies().split(",")).hasSize(100));
  }

  @Test
  void aRulingIsMatchedExhaustively() {
    String kind =
        chain(ALLOW).evaluate(action).match(a -> "allowed", d -> "denied", n -> "approval");

    assertThat(kind).isEqualTo("allowed");
  }

  private PolicyChain chain(Policy... host) {
    return new PolicyChain(List.of(), List.of(host), time);
  }

  private List<PolicyChain> bothPlaces(Policy policy) {
    return List.of(
        new PolicyChain(List.of(policy), List.of(), time),
        new PolicyChain(List.of(), List.of(policy), time));
  }

  private static Policy spy(List<String> asked, String name, Verdict verdict) {
    Policy policy =
        a -> {
          asked.add(name);
          return verdict;
        };
    return policy.named(name, "1");
  }

  /** Throws what the compiler would not let through. */
  static RuntimeException sneaky(Throwable thrown) {
    PolicyChainTest.<RuntimeException>rethrow(thrown);
    throw new AssertionError(thrown);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void rethrow(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
