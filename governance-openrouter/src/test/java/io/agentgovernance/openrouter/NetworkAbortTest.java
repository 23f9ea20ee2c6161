// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A call that is given up leaves nothing behind. */
class NetworkAbortTest extends Networked {
  @Test
  void anAbortClosesTheConnectionAndNoTokenComesAfterIt() throws Exception {
    AtomicReference<RawServer> self = new AtomicReference<>();
    CountDownLatch streaming = new CountDownLatch(1);
    try (RawServer server =
        RawServer.that(
            (socket, out) -> {
              RawServer.write(out, RawServer.SSE_HEAD + RawServer.chunk("He"));
              self.get().untilClosed(socket);
            })) {
      self.set(server);
      TestExchange exchange =
          new TestExchange(Duration.ofSeconds(30), delta -> streaming.countDown());
      AtomicReference<ModelException> thrown = new AtomicReference<>();
      try (OpenRouterChatModel model = client(server.url())) {
        Thread caller =
            new Thread(
                () ->
                    thrown.set(
                        catchThrowableOfType(
                            ModelException.class, () -> model.chat(Judge.REQUEST, exchange))));
        caller.start();
        assertThat(streaming.await(20, TimeUnit.SECONDS)).isTrue();
        exchange.abort();
        caller.join(20_000);

        assertThat(server.awaitClosedByClient()).isTrue();
      }
      assertThat(thrown.get().kind()).isEqualTo(Kind.ABORTED);
      assertThat(thrown.get().mayHaveCost()).isTrue();
      assertThat(thrown.get().replyId()).contains("gen-1");
      assertThat(exchange.deltas()).containsExactly("He");
    }
  }

  /** The control: without the hook nobody closes the connection, and the caller stays. */
  @Test
  void withoutTheHookTheCallGoesOnUntilItsTimeIsOver() {
    try (RawServer server =
        RawServer.that(
            (socket, out) -> {
              RawServer.write(out, RawServer.SSE_HEAD + RawServer.chunk("He"));
              socket.getInputStream().read();
            })) {
      TestExchange late =
          new TestExchange(Duration.ofMillis(300), delta -> {}) {
            @Override
            public void onAbort(Runnable hook) {}
          };

      ModelException e = failure(client(server.url()), late);

      assertThat(e.kind()).isEqualTo(Kind.TIMEOUT);
    }
  }

  @Test
  void anInterruptEndsTheCallAtOnceWhateverTheNetworkDoes() throws Exception {
    AtomicReference<RawServer> self = new AtomicReference<>();
    CountDownLatch asked = new CountDownLatch(1);
    try (RawServer server =
        RawServer.that(
            (socket, out) -> {
              asked.countDown();
              self.get().untilClosed(socket);
            })) {
      self.set(server);
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      try (OpenRouterChatModel model = client(server.url())) {
        Thread caller =
            new Thread(
                () -> {
                  try {
                    model.chat(Judge.REQUEST, new TestExchange());
                  } catch (Throwable e) {
                    thrown.set(e);
                  }
                });
        caller.start();
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        caller.interrupt();
        caller.join(20_000);

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(server.awaitClosedByClient()).isTrue();
      }
    }
  }

  @Test
  void closingEndsCallsAndThreadsAndIsIdempotent() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    try (RawServer server =
        RawServer.that(
            (socket, out) -> {
              asked.countDown();
              socket.getInputStream().read();
            })) {
      OpenRouterChatModel model = client(server.url());
      AtomicReference<Throwable> thrown = new AtomicReference<>();
      Thread caller =
          new Thread(
              () ->
                  thrown.set(
                      catchThrowableOfType(
                          ModelException.class,
                          () -> model.chat(Judge.REQUEST, new TestExchange()))));
      caller.start();
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

      List<Thread> own =
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> thread.getName().matches("openrouter-\\d+"))
              .toList();
      model.close();
      model.close();
      caller.join(20_000);

      assertThat(((ModelException) thrown.get()).kind()).isEqualTo(Kind.ABORTED);
      for (Thread thread : own) {
        thread.join(20_000);
        assertThat(thread.isAlive()).as("%s", thread).isFalse();
      }
      ModelException after =
          catchThrowableOfType(
              ModelException.class, () -> model.chat(Judge.REQUEST, new TestExchange()));
      assertThat(after).hasMessageContaining("closed");
    }
  }
}
