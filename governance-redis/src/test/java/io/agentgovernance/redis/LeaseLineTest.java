// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.coordination.Lease;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Leases that are asked for at once go to the server together. */
@Timeout(120)
class LeaseLineTest {
  private final List<List<String>> sent = new ArrayList<>();
  private final List<CompletableFuture<List<Object>>> replies = new ArrayList<>();
  private final LeaseLine line =
      new LeaseLine(
          operations -> {
            sent.add(operations);
            replies.add(new CompletableFuture<>());
            return replies.get(replies.size() - 1);
          });

  @Test
  void whatIsAskedWhileARequestIsOnItsWayGoesTogetherAndEachGetsItsOwnAnswer() {
    var a = line.ask("a");
    var b = line.ask("b");
    var c = line.ask("c");
    replies.get(0).complete(List.of("OK", "0", "1"));
    replies.get(1).complete(List.of("OK", "0", "2", "HELD"));

    assertThat(sent).containsExactly(List.of("a"), List.of("b", "c"));
    assertThat(List.of(a, b, c))
        .extracting(answer -> answer.join().status())
        .containsExactly("1", "2", "HELD");
  }

  @Test
  void whoHasGivenUpWhileWaitingIsNotSent() {
    var first = line.ask("first");
    line.ask("given up").cancel(false);
    var third = line.ask("third");
    replies.get(0).completeExceptionally(new IllegalStateException("no answer"));
    replies.get(1).complete(List.of("LOST", "nothing"));

    assertThat(sent).containsExactly(List.of("first"), List.of("third"));
    assertThatThrownBy(first::join).isInstanceOf(CompletionException.class);
    assertThat(third.join()).isEqualTo(new LeaseLine.Answer("LOST", "nothing"));
  }

  @Test
  void ofManyInTwoJvmsWhoAskAtOnceOneHasTheLeaseAndTokensRise() throws Exception {
    int threads = 16;
    int times = Trial.times(20, 500);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (RedisServer redis = RedisServer.start();
        RedisCoordination one = TestRun.open(redis.uri());
        RedisCoordination two = TestRun.open(redis.uri())) {
      RunStore here = TestRun.in(one).store;
      RunStore there = two.attach(here.terms().run()).orElseThrow();
      var holders = new AtomicInteger();
      List<Long> tokens = new ArrayList<>(); // guarded by the lease
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        String owner = "owner" + i;
        RunStore store = i % 2 == 0 ? here : there;
        calls.add(
            () -> {
              boolean alone = true;
              for (int n = 0; n < times; n++) {
                Optional<Lease> lease = Optional.empty();
                while (lease.isEmpty()) {
                  lease = store.acquire("the one", owner, TestRun.DAY);
                }
                alone &= holders.incrementAndGet() == 1;
                tokens.add(lease.get().token());
                holders.decrementAndGet();
                store.release(lease.get());
              }
              return alone;
            });
      }

      for (var call : pool.invokeAll(calls)) {
        assertThat(call.get()).as("was alone with it").isTrue();
      }
      assertThat(tokens).hasSize(threads * times).isSorted().doesNotHaveDuplicates();
      assertThat(here.acquire("the one", "another", TestRun.DAY)).as("it is free").isPresent();
    } finally {
      pool.shutdownNow();
    }
  }
}
