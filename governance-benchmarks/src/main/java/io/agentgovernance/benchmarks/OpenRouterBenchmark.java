// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.calls.AttemptExchange;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.openrouter.Dialect;
import io.agentgovernance.openrouter.OpenRouterChatModel;
import io.agentgovernance.time.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * The streaming client beside the least that could be written for its purpose: OkHttp, a line
 * reader, and Jackson for each line, on the same bytes from the same server. Both in turn in one
 * JVM, on connections that are kept.
 */
public final class OpenRouterBenchmark {
  private static final int CHUNKS = 10_000;
  private static final int WARM_UPS = 40;
  private static final int ROUNDS = 60;
  private static final int FIRST_TOKENS = 600;
  private static final int STOPS = 500;
  private static final ChatRequest REQUEST =
      ChatRequest.builder("m").message(Message.user("write")).maxTokens(CHUNKS).build();
  private static final RequestBody PLAIN =
      RequestBody.create(
          "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"write\"}],\"stream\":true}",
          MediaType.get("application/json"));

  private final ObjectMapper mapper = new ObjectMapper();
  private final OkHttpClient plain = new OkHttpClient();

  private OpenRouterBenchmark() {}

  /** Runs all parts and prints what they found. */
  public static void main(String[] args) throws Exception {
    System.out.println(Environment.describe() + "\n");
    OpenRouterBenchmark benchmark = new OpenRouterBenchmark();
    benchmark.throughput();
    benchmark.firstToken();
    benchmark.stop();
  }

  private interface Client {
    int read(Consumer<String> deltas) throws Exception;
  }

  private Client bare(String url) {
    return deltas -> bare(url, deltas);
  }

  private int bare(String url, Consumer<String> deltas) throws IOException {
    StringBuilder text = new StringBuilder();
    Request request = new Request.Builder().url(url + "/chat/completions").post(PLAIN).build();
    try (Response response = plain.newCall(request).execute();
        BufferedReader lines = new BufferedReader(response.body().charStream())) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ") && !line.equals("data: [DONE]")) {
          JsonNode chunk = mapper.readTree(line.substring("data: ".length()));
          String piece = chunk.path("choices").path(0).path("delta").path("content").asText();
          text.append(piece);
          deltas.accept(piece);
        }
      }
    }
    return text.length();
  }

  private static Client ours(OpenRouterChatModel model) {
    return deltas -> model.chat(REQUEST, exchange(deltas)).text().length();
  }

  private static OpenRouterChatModel model(StreamServer server) {
    return OpenRouterChatModel.builder("m")
        .baseUrl(server.url())
        .dialect(Dialect.OPENROUTER)
        .build();
  }

  private static AttemptExchange exchange(Consumer<String> deltas) {
    return new AttemptExchange(
        new AttemptExchange.Caller(
            RunId.of("run"),
            AgentId.of("run-writer"),
            AgentRole.of("writer"),
            AgentPhase.EXECUTE,
            1),
        "key",
        TimeSource.system(),
        Duration.ofMinutes(1),
        deltas);
  }

  private void throughput() throws Exception {
    try (StreamServer server = new StreamServer(CHUNKS);
        OpenRouterChatModel model = model(server)) {
      Client[] clients = {bare(server.url()), ours(model)};
      Latencies[] times = {new Latencies(), new Latencies()};
      int[] lengths = new int[2];
      for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
        for (int i = 0; i < clients.length; i++) {
          int which = (round + i) % clients.length;
          long start = System.nanoTime();
          lengths[which] = clients[which].read(piece -> {});
          long taken = System.nanoTime() - start;
          if (round >= WARM_UPS) {
            times[which].add(taken);
          }
        }
      }
      if (lengths[0] != lengths[1]) {
        throw new AssertionError("texts of different lengths: " + lengths[0] + ", " + lengths[1]);
      }
      double bare = times[0].millis(0.5);
      double ours = times[1].millis(0.5);
      System.out.printf(
          Locale.ROOT,
          "%,d chunks, median of %d: OkHttp + lines + Jackson %.2f ms, ours %.2f ms: %.2f times%n",
          CHUNKS,
          ROUNDS,
          bare,
          ours,
          ours / bare);
    }
  }

  private void firstToken() throws Exception {
    try (StreamServer server = new StreamServer(20);
        OpenRouterChatModel model = model(server)) {
      Client[] clients = {bare(server.url()), ours(model)};
      Latencies[] times = {new Latencies(), new Latencies()};
      for (int round = 0; round < FIRST_TOKENS; round++) {
        for (int i = 0; i < clients.length; i++) {
          int which = (round + i) % clients.length;
          long start = System.nanoTime();
          long[] first = {0};
          int unused =
              clients[which].read(
                  piece -> {
                    if (first[0] == 0) {
                      first[0] = System.nanoTime();
                    }
                  });
          if (round >= FIRST_TOKENS / 3) {
            times[which].add(first[0] - start);
          }
        }
      }
      System.out.printf(
          Locale.ROOT,
          "to the first token, median: OkHttp + lines + Jackson %.3f ms, ours %.3f ms:"
              + " %.3f ms more (p99 %.3f and %.3f ms)%n",
          times[0].millis(0.5),
          times[1].millis(0.5),
          times[1].millis(0.5) - times[0].millis(0.5),
          times[0].millis(0.99),
          times[1].millis(0.99));
    }
  }

  private void stop() throws Exception {
    Latencies closed = new Latencies();
    Latencies returned = new Latencies();
    try (StreamServer server = new StreamServer(1);
        OpenRouterChatModel model = model(server)) {
      server.neverEnd();
      for (int i = 0; i < STOPS; i++) {
        AttemptExchange[] self = new AttemptExchange[1];
        long[] stopped = {0};
        self[0] =
            exchange(
                piece -> {
                  stopped[0] = System.nanoTime();
                  self[0].abort();
                });
        try {
          throw new AssertionError("a reply: " + model.chat(REQUEST, self[0]));
        } catch (ModelException e) {
          returned.add(System.nanoTime() - stopped[0]);
        }
        closed.add(server.awaitClosed() - stopped[0]);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "stop during a stream, %d times: the server sees the close after p50 %.3f ms, p99 %.3f ms;"
            + " the caller has gone on after p50 %.3f ms, p99 %.3f ms%n",
        STOPS,
        closed.millis(0.5),
        closed.millis(0.99),
        returned.millis(0.5),
        returned.millis(0.99));
  }
}
