// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sends together what callers ask at once: one request is on its way at a time, and what is asked
 * meanwhile goes with the next one. Thread safe; waits for nothing.
 */
final class LeaseLine {
  private static final int MOST = 64;

  /**
   * What one was answered.
   *
   * @param status the answer of its own, or that of the whole request
   * @param detail what else the whole request was answered, or nothing
   */
  record Answer(String status, String detail) {}

  private record Asked(List<String> operation, CompletableFuture<Answer> answer) {}

  private final Function<List<String>, CompletionStage<List<Object>>> request;
  private final ConcurrentLinkedQueue<Asked> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean sending = new AtomicBoolean();

  /**
   * Makes a line.
   *
   * @param request sends several operations, which are answered {@code OK}, the time, and then one
   *     by one, or all of them with one status
   */
  LeaseLine(Function<List<String>, CompletionStage<List<Object>>> request) {
    this.request = request;
  }

  /** Asks once. If the answer is cancelled before it was sent, it is not sent. */
  CompletableFuture<Answer> ask(String... operation) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    waiting.add(new Asked(List.of(operation), answer));
    send();
    return answer;
  }

  private void send() {
    while (!waiting.isEmpty() && sending.compareAndSet(false, true)) {
      List<Asked> together = take();
      if (together.isEmpty()) {
        sending.set(false);
      } else {
        send(together);
        return;
      }
    }
  }

  private List<Asked> take() {
    List<Asked> together = new ArrayList<>();
    Asked next = waiting.poll();
    while (next != null) {
      if (!next.answer().isDone()) {
        together.add(next);
      }
      next = together.size() < MOST ? waiting.poll() : null;
    }
    return together;
  }

  private void send(List<Asked> together) {
    List<String> operations = new ArrayList<>(4 * together.size());
    together.forEach(one -> operations.addAll(one.operation()));
    CompletionStage<List<Object>> reply;
    try {
      reply = request.apply(operations);
    } catch (RuntimeException e) {
      reply = CompletableFuture.failedFuture(e);
    }
    var unused =
        reply.whenComplete(
            (answer, thrown) -> {
              sending.set(false);
              send(); // before anybody is woken
              tell(together, answer, thrown);
            });
  }

  private static void tell(
      List<Asked> together, @Nullable List<Object> answer, @Nullable Throwable thrown) {
    for (int i = 0; i < together.size(); i++) {
      CompletableFuture<Answer> future = together.get(i).answer();
      if (answer == null) {
        future.completeExceptionally(
            thrown == null ? new IllegalStateException("neither answer nor failure") : thrown);
      } else if ("OK".equals(answer.get(0))) {
        future.complete(new Answer((String) answer.get(2 + i), ""));
      } else {
        String detail = answer.size() > 1 ? (String) answer.get(1) : "";
        future.complete(new Answer((String) answer.get(0), detail));
      }
    }
  }
}
