// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.internal.providers.Providers;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SecretDeskTest {
  private static final Duration TTL = Duration.ofMinutes(5);

  private final Hands time = new Hands();
  private final Redactor redactor = Redactor.standard();

  @Test
  void aSecretIsReadOnceUntilItsTimeIsUp() {
    AtomicInteger reads = new AtomicInteger();
    SecretDesk desk = desk(reference -> Secret.of("v" + reads.incrementAndGet()), TTL);

    assertThat(text(desk, "x:a")).isEqualTo("v1");
    time.move(TTL.minusNanos(1));
    assertThat(text(desk, "x:a")).isEqualTo("v1");
    time.move(Duration.ofNanos(1));
    assertThat(text(desk, "x:a")).isEqualTo("v2");
  }

  @Test
  void withoutTimeItIsReadEachTime() {
    AtomicInteger reads = new AtomicInteger();
    SecretDesk desk = desk(reference -> Secret.of("v" + reads.incrementAndGet()), Duration.ZERO);

    assertThat(text(desk, "x:a")).isEqualTo("v1");
    assertThat(text(desk, "x:a")).isEqualTo("v2");
  }

  @Test
  void whatTheSourceNoLongerGivesIsNotServed() {
    AtomicInteger reads = new AtomicInteger();
    SecretDesk desk =
        desk(
            reference -> {
              if (reads.getAndIncrement() > 0) {
                throw new SecretUnavailableException(
                    Reason.UNAVAILABLE, reference, "a sealed Vault", "an open one", "Unseal it.");
              }
              return Secret.of("v1");
            },
            TTL);

    assertThat(text(desk, "x:a")).isEqualTo("v1");
    time.move(TTL);

    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> desk.read("x:a"))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
  }

  @Test
  void manyThatWantItAtOnceAskOnce() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    SecretDesk desk =
        desk(
            reference -> {
              reads.incrementAndGet();
              begun.countDown();
              await(answer);
              return Secret.of("v4lue");
            },
            TTL);
    var threads = Executors.newFixedThreadPool(16);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        answers.add(threads.submit(() -> text(desk, "x:a")));
      }
      await(begun);
      answer.countDown();
      for (Future<String> each : answers) {
        assertThat(each.get(10, SECONDS)).isEqualTo("v4lue");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(reads).hasValue(1);
  }

  @Test
  void aFailureIsSharedByThoseWhoWaitForIt() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    SecretDesk desk =
        desk(
            reference -> {
              reads.incrementAndGet();
              begun.countDown();
              await(answer);
              throw new SecretUnavailableException(
                  Reason.DENIED, reference, "no permission", "one", "Ask for it.");
            },
            TTL);
    var threads = Executors.newFixedThreadPool(2);
    try {
      Future<Secret> first = threads.submit(() -> desk.read("x:a"));
      await(begun);
      CountDownLatch second = new CountDownLatch(1);
      Future<Secret> other =
          threads.submit(
              () -> {
                second.countDown();
                return desk.read("x:a");
              });
      await(second);
      answer.countDown();
      for (Future<Secret> each : List.of(first, other)) {
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> each.get(10, SECONDS))
            .withCauseInstanceOf(SecretUnavailableException.class);
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(reads.get()).isBetween(1, 2);
  }

  @Test
  void theHostsSourceIsAskedForWhatItReadsAndTheOthersByScheme() {
    SecretSource host = SecretSource.environment(Map.of("KEY", "of the host"));
    SecretDesk desk = desk(host, TTL);

    assertThat(text(desk, "env:KEY")).isEqualTo("of the host");
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> desk.read("file:/no/such/file"))
        .withMessageContaining("no such file");
  }

  @Test
  void aSchemeThatNobodyReadsListsTheKnownOnesAndTheArtifact() {
    SecretDesk desk = desk(null, TTL);

    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> desk.read("vault:services/dragonfly"))
        .withMessageContaining("one of env, file")
        .withMessageContaining("io.agentgovernance:governance-vault");
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> desk.read("evn:KEY"))
        .withMessageContaining("Did you mean 'env'?");
  }

  @Test
  void whatASourceThrowsByMistakeIsNotRepeated() {
    SecretDesk desk =
        desk(
            reference -> {
              throw new IllegalStateException("s3cr3t");
            },
            TTL);

    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> desk.read("x:a"))
        .withMessageContaining("IllegalStateException")
        .withMessageNotContaining("s3cr3t")
        .withNoCause();
  }

  @Test
  void noMoreThanAThousandAreKept() {
    AtomicInteger reads = new AtomicInteger();
    SecretDesk desk = desk(reference -> Secret.of("v" + reads.incrementAndGet()), TTL);
    for (int i = 0; i <= SecretDesk.MAX_KEPT; i++) {
      assertThat(text(desk, "x:" + i)).isNotEmpty();
    }

    assertThat(text(desk, "x:" + SecretDesk.MAX_KEPT)).isEqualTo("v" + reads.get());
    int before = reads.get();
    assertThat(text(desk, "x:0")).isEqualTo("v" + (before + 1));
  }

  @Test
  void whatWasReadIsRecognisedUntilTheDeskIsClosedWhereverItsCopiesAre() {
    AtomicInteger reads = new AtomicInteger();
    SecretDesk desk = desk(reference -> Secret.of("s3cr3t-value-" + reads.incrementAndGet()), TTL);

    assertThat(text(desk, "x:a")).isEqualTo("s3cr3t-value-1");
    time.move(TTL);
    assertThat(text(desk, "x:a")).isEqualTo("s3cr3t-value-2");

    assertThat(redactor.redact("was s3cr3t-value-1, is s3cr3t-value-2"))
        .isEqualTo("was [redacted], is [redacted]");
    desk.close();
    assertThat(redactor.redact("s3cr3t-value-2")).isEqualTo("s3cr3t-value-2");
  }

  @Test
  void aClosedDeskReadsNothing() {
    SecretDesk desk = desk(reference -> Secret.of("v4lue"), TTL);
    assertThat(text(desk, "x:a")).isEqualTo("v4lue");

    desk.close();
    desk.close();

    assertThatExceptionOfType(GovernanceException.class)
        .isThrownBy(() -> desk.read("x:a"))
        .withMessageContaining("closed orchestrator");
  }

  private SecretDesk desk(SecretSource host, Duration kept) {
    ClassLoader loader = SecretDesk.class.getClassLoader();
    return new SecretDesk(
        host,
        Providers.secretSources(loader),
        new Lent(time, loader, Optional.empty(), Map.of(), redactor),
        kept,
        redactor);
  }

  private static String text(SecretSource source, String reference) {
    try (Secret secret = source.read(reference)) {
      return secret.use(String::new);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A clock that is moved by hand. */
  private static final class Hands implements TimeSource {
    private final AtomicLong ticks = new AtomicLong(7);

    void move(Duration by) {
      ticks.addAndGet(by.toNanos());
    }

    @Override
    public Instant now() {
      return Instant.EPOCH.plusNanos(ticks());
    }

    @Override
    public long ticks() {
      return ticks.get();
    }

    @Override
    public Timer schedule(Duration delay, Runnable task) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Waiter waiter() {
      throw new UnsupportedOperationException();
    }
  }
}
