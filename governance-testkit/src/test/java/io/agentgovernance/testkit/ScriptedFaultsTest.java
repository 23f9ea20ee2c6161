// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.internal.calls.AttemptExchange;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ScriptedFaultsTest {
  private final ScriptedModel model = ScriptedModel.create();
  private final Asking ask = new Asking(model);
  private final AtomicReference<Thread> thread = new AtomicReference<>();

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void aDelayPassesByTheTimeSource() {
    model.on("ALPHA").delay(Duration.ofSeconds(5)).reply("late");
    var reply = begin(ask.exchange("ALPHA", 1));

    ask.time().advanceWhenIdle(Duration.ofSeconds(4));
    assertThat(reply).isNotDone();
    ask.time().advanceWhenIdle(Duration.ofSeconds(1));

    assertThat(reply.join().text()).isEqualTo("late");
    assertThat(model.finishedAfter(Duration.ofSeconds(4).toNanos())).hasSize(1);
    assertThat(model.finishedAfter(Duration.ofSeconds(5).toNanos())).isEmpty();
  }

  @Test
  void whatHangsEndsWhenAborted() {
    model.on("ALPHA").hang().reply("never");
    AttemptExchange exchange = ask.exchange("ALPHA", 1);
    var reply = begin(exchange);
    ask.time().awaitIdle();

    exchange.abort();

    assertFails(reply, Kind.ABORTED);
    assertThat(model.calls().get(0).aborted()).isTrue();
  }

  @Test
  void whatIsAbortedBeforeItHangsEndsAtOnce() {
    model.on("ALPHA").hang();
    AttemptExchange exchange = ask.exchange("ALPHA", 1);
    exchange.abort();

    assertFails(begin(exchange), Kind.ABORTED);
  }

  @Test
  void whatHangsEndsWhenInterrupted() {
    model.on("ALPHA").hang();
    var reply = begin(ask.exchange("ALPHA", 1));
    model.awaitCalls("ALPHA", 1);

    thread.get().interrupt();

    assertThatThrownBy(reply::join).hasCauseInstanceOf(InterruptedException.class);
    assertThat(model.calls().get(0).end()).isEqualTo(ScriptedCall.End.INTERRUPTED);
  }

  @Test
  void whatHangsGoesOnWhenReleased() {
    model.on("ALPHA").hang().reply("released").hang();
    var first = begin(ask.exchange("ALPHA", 1));
    model.awaitCalls("ALPHA", 1);

    model.releaseAll();
    assertThat(first.join().text()).isEqualTo("released");

    var second = begin(ask.exchange("ALPHA", 2));
    model.awaitCalls("ALPHA", 2);
    model.releaseAll();
    assertFails(second, Kind.UNAVAILABLE);
  }

  @Test
  void aRetryAfterAHangCanBeScripted() throws Exception {
    model.on("ALPHA").hang().thenOnRetry().reply("second attempt");
    AttemptExchange exchange = ask.exchange("ALPHA", 1);
    var first = begin(exchange);
    model.awaitCalls("ALPHA", 1);
    exchange.abort();
    assertFails(first, Kind.ABORTED);

    assertThat(ask.as("ALPHA", 1).text()).isEqualTo("second attempt");
  }

  @Test
  void whoIgnoresInterruptsIgnoresAbortsToo() {
    model.on("ALPHA").ignoreInterrupts().reply("too late");
    AttemptExchange exchange = ask.exchange("ALPHA", 1);
    var reply = begin(exchange);
    model.awaitCalls("ALPHA", 1);

    exchange.abort();
    thread.get().interrupt();
    ask.time().awaitIdle();
    assertThat(reply).isNotDone();

    model.releaseAll();
    assertThat(reply.join().text()).isEqualTo("too late");
    assertThat(model.calls().get(0).aborted()).isTrue();
    assertThat(model.calls().get(0).end()).isEqualTo(ScriptedCall.End.REPLIED);
  }

  @Test
  void whatSpinsGoesOnWhenReleased() {
    model.on("ALPHA").spin().reply("dizzy");
    AttemptExchange exchange = ask.exchange("ALPHA", 1);
    var reply = begin(exchange);
    model.awaitCalls("ALPHA", 1);
    exchange.abort();
    assertThat(model.running()).isEqualTo(1);

    model.releaseAll();

    assertThat(reply.join().text()).isEqualTo("dizzy");
    assertThat(model.running()).isZero();
  }

  @Test
  void piecesCanComeSlowly() {
    model.on("ALPHA").fault(new ModelFault.Stream(List.of("a", "b"), Duration.ofSeconds(1)));
    var reply = begin(ask.exchange("ALPHA", 1));

    ask.time().advanceWhenIdle(Duration.ofSeconds(1));
    assertThat(ask.deltas()).containsExactly("a");
    ask.time().advanceWhenIdle(Duration.ofSeconds(1));

    assertThat(reply.join().text()).isEqualTo("ab");
  }

  @Test
  void aClosedModelHoldsNothing() throws Exception {
    model.on("ALPHA").ignoreInterrupts().reply("through");
    model.close();

    assertThat(ask.as("ALPHA", 1).text()).isEqualTo("through");
  }

  @Test
  void callsThatEndedCanBeAwaited() {
    model.on("ALPHA").hang().reply("x");
    var reply = begin(ask.exchange("ALPHA", 1));
    model.awaitCalls("ALPHA", 1);
    model.releaseAll();

    model.awaitFinished("ALPHA", 1);

    assertThat(model.calls().get(0).finished()).isPresent();
    assertThat(reply.join().text()).isEqualTo("x");
  }

  @Test
  void whatNeverComesIsNotAwaitedForEver() {
    var log = new CallLog(1);

    assertThatThrownBy(
            () -> log.awaitStarted(io.agentgovernance.core.AgentRole.BETA, 1, Duration.ofMillis(1)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("for 1 calls of BETA to have started but found 0");
  }

  private CompletableFuture<ChatReply> begin(AttemptExchange exchange) {
    TimeSource.Task task = ask.time().startTask("agent");
    var reply = new CompletableFuture<ChatReply>();
    var made =
        new Thread(
            () -> {
              task.entered();
              try {
                reply.complete(ask.with(exchange));
              } catch (ModelException | InterruptedException e) {
                reply.completeExceptionally(e);
              } finally {
                task.ended();
              }
            },
            "agent");
    made.setDaemon(true);
    thread.set(made);
    made.start();
    return reply;
  }

  private static void assertFails(CompletableFuture<ChatReply> reply, Kind kind) {
    assertThatThrownBy(reply::join)
        .cause()
        .isInstanceOfSatisfying(ModelException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
