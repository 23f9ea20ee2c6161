// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Facts about leases: one holder, and tokens that only ever grow. */
interface LeaseFacts extends CoordinationFacts {
  Duration SHORT = Duration.ofSeconds(5);

  @Test
  default void givesALeaseToOneOf32() {
    LiveRun run = run();

    List<Optional<Lease>> leases =
        Together.run(32, i -> run.store.acquire("resource", "owner " + i, SHORT));

    assertThat(leases).filteredOn(Optional::isPresent).hasSize(1);
    Lease lease = leases.stream().flatMap(Optional::stream).findFirst().orElseThrow();
    assertThat(lease.resource()).isEqualTo("resource");
    assertThat(lease.token()).isPositive();
    assertThat(run.store.holds("resource", lease.token())).isTrue();
    assertThat(run.store.holds("resource", lease.token() + 1)).isFalse();
  }

  @Test
  default void holdsNothingThatNobodyAcquired() {
    LiveRun run = run();

    assertThat(run.store.holds("resource", 0)).isFalse();
    assertThat(run.store.holds("resource", run.lead.token())).isFalse();
  }

  @Test
  default void expiresWhenItIsNotRenewed() {
    LiveRun run = run();
    Lease lease = run.store.acquire("resource", "one", SHORT).orElseThrow();

    letPass(SHORT.minusSeconds(2));
    assertThat(run.store.holds("resource", lease.token())).isTrue();
    assertThat(run.store.acquire("resource", "two", SHORT)).isEmpty();
    letPass(Duration.ofSeconds(2));

    assertThat(run.store.holds("resource", lease.token())).isFalse();
    assertThat(run.store.renew(lease)).isFalse();
    assertThat(run.store.acquire("resource", "two", SHORT)).isPresent();
  }

  @Test
  default void lastsAsLongAsItIsRenewed() {
    LiveRun run = run();
    Lease lease = run.store.acquire("resource", "one", SHORT).orElseThrow();

    for (int i = 0; i < 3; i++) {
      letPass(SHORT.minusSeconds(2));
      assertThat(run.store.renew(lease)).isTrue();
    }

    assertThat(run.store.acquire("resource", "two", SHORT)).isEmpty();
    assertThat(run.store.holds("resource", lease.token())).isTrue();
  }

  @Test
  default void givesEachAcquisitionAHigherToken() {
    LiveRun run = run();
    Lease first = run.store.acquire("resource", "one", SHORT).orElseThrow();
    Lease again = run.store.acquire("resource", "one", SHORT).orElseThrow();
    run.store.release(again);
    Lease other = run.store.acquire("resource", "two", SHORT).orElseThrow();
    letPass(SHORT);
    Lease last = run.store.acquire("resource", "three", SHORT).orElseThrow();

    assertThat(List.of(first.token(), again.token(), other.token(), last.token()))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(run.store.holds("resource", last.token())).isTrue();
    assertThat(run.store.holds("resource", first.token())).isFalse();
  }

  @Test
  default void ignoresAStaleHolder() {
    LiveRun run = run();
    Lease stale = run.store.acquire("resource", "one", SHORT).orElseThrow();
    letPass(SHORT);
    Lease current = run.store.acquire("resource", "two", SHORT).orElseThrow();

    assertThat(run.store.renew(stale)).isFalse();
    run.store.release(stale);

    assertThat(run.store.holds("resource", current.token())).isTrue();
    assertThat(run.store.renew(current)).isTrue();
    assertThat(run.store.acquire("resource", "three", SHORT)).isEmpty();
  }

  @Test
  default void isFreeAsSoonAsItIsGivenBack() {
    LiveRun run = run();
    Lease lease = run.store.acquire("resource", "one", SHORT).orElseThrow();

    run.store.release(lease);

    assertThat(run.store.holds("resource", lease.token())).isFalse();
    assertThat(run.store.renew(lease)).isFalse();
    assertThat(run.store.acquire("resource", "two", SHORT)).isPresent();
  }

  @Test
  default void takesNoTokenOfAnotherResource() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");
    long tokenOfTwo = two.lease.token();

    for (long token : new long[] {run.lead.token(), tokenOfTwo, 0, -1, Long.MAX_VALUE}) {
      var write = new Command.Write(one.id, token, "w" + token, "key", Payload.text("v"), 0);
      assertStatus(one.does(write)).isEqualTo(Status.FENCED);
    }
  }

  @Test
  default void fencesAnAgentWhoseLeaseHasExpired() {
    LiveRun run = run();
    Actor actor = run.agent("one");
    actor.ok(actor.write("w1", "key"));

    letPass(LiveRun.TTL);

    assertStatus(actor.does(actor.write("w2", "key"))).isEqualTo(Status.FENCED);
    var withoutToken = new Command.Write(actor.id, 0, "w3", "key", Payload.text("v"), 1);
    assertStatus(actor.does(withoutToken)).isEqualTo(Status.FENCED);
    assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(1);
  }
}
