// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentgovernance.payload.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A server on this machine that speaks OpenAI's chat completions, streamed or not, so that programs
 * with a model behind HTTP can be tried without a model. What it writes is made by the {@code
 * local:} stand-in; {@link Manners} say how.
 *
 * <pre>{@code
 * try (ModelServer server = ModelServer.start(Manners.PLAIN)) {
 *   Orchestrator.builder()
 *       .providerSetting("openrouter.base-url", server.url())
 *       .model("openrouter:local") …
 * }
 * }</pre>
 *
 * <p>Also a program: {@code java … io.agentgovernance.testkit.ModelServer messy 8080} prints its
 * URL and serves until it is killed. Thread safe.
 */
public final class ModelServer implements AutoCloseable {
  private static final int PIECE = 24;
  private static final int THREADS = 32;

  /** How replies are written. */
  public enum Manners {
    /** As asked for. */
    PLAIN,
    /**
     * As real models do: in turn within prose, in a code fence, with a field missing, cut at the
     * token limit, and refused. Whoever asks to repair a reply gets one that can be used.
     */
    MESSY
  }

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          work -> {
            Thread thread = new Thread(work, "model-server");
            thread.setDaemon(true);
            return thread;
          });
  private final StandInReplies replies;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger failing = new AtomicInteger();

  private ModelServer(Manners manners, int port) throws IOException {
    replies = new StandInReplies(manners);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    server.createContext("/v1/chat/completions", exchange -> handled(exchange, this::chat));
    server.createContext("/v1/models", exchange -> handled(exchange, this::models));
    server.start();
  }

  /** Starts a server on a free port of this machine. */
  public static ModelServer start(Manners manners) {
    return start(manners, 0);
  }

  /** Starts a server on a port of this machine; 0 takes a free one. */
  public static ModelServer start(Manners manners, int port) {
    try {
      return new ModelServer(manners, port);
    } catch (IOException e) {
      throw new UncheckedIOException("the server cannot listen on port " + port, e);
    }
  }

  /**
   * Serves until the process is killed.
   *
   * @param args manners in lower case and port, both optional
   */
  public static void main(String[] args) {
    Manners manners =
        args.length > 0 ? Manners.valueOf(args[0].toUpperCase(Locale.ROOT)) : Manners.PLAIN;
    ModelServer server = start(manners, args.length > 1 ? Integer.parseInt(args[1]) : 0);
    System.out.println(server.url());
  }

  /** Returns the base URL. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
  }

  /** Returns how many completions were asked for. */
  public int requests() {
    return requests.get();
  }

  /** Answers so many of the next requests with status 503. */
  public void failNext(int times) {
    failing.set(times);
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private static void handled(HttpExchange exchange, Handler handler) throws IOException {
    try (exchange) {
      handler.handle(exchange);
    } catch (RuntimeException e) {
      send(exchange, 400, Map.of("error", Map.of("message", String.valueOf(e.getMessage()))));
    }
  }

  private void models(HttpExchange exchange) throws IOException {
    send(exchange, 200, Map.of("data", List.of(Map.of("id", "local", "object", "model"))));
  }

  private void chat(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    Payload body = Payload.json(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      send(exchange, 503, Map.of("error", Map.of("code", 503, "message", "warming up")));
      return;
    }
    StandInReplies.Written reply = replies.to(body);
    String model = body.at("/model").map(Payload::text).orElse("local");
    if (body.at("/stream").map(Payload::json).orElse("").equals("true")) {
      stream(exchange, model, reply);
    } else {
      send(exchange, 200, whole(model, reply));
    }
  }

  private static Map<String, Object> whole(String model, StandInReplies.Written reply) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "assistant");
    message.put("content", reply.text());
    return chunk(
        model,
        "chat.completion",
        choice("message", message, reply.finish()),
        Map.of("usage", usage(reply)));
  }

  private static void stream(HttpExchange exchange, String model, StandInReplies.Written reply)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      write(out, ": thinking\n\n");
      for (String piece : pieces(reply.text())) {
        event(out, model, choice("delta", Map.of("content", piece), null), Map.of());
      }
      event(out, model, choice("delta", Map.of(), reply.finish()), Map.of());
      event(out, model, List.of(), Map.of("usage", usage(reply)));
      write(out, "data: [DONE]\n\n");
    }
  }

  private static void event(
      OutputStream out, String model, List<?> choices, Map<String, Object> more)
      throws IOException {
    write(
        out,
        "data: "
            + Payload.of(chunk(model, "chat.completion.chunk", choices, more)).json()
            + "\n\n");
  }

  private static Map<String, Object> chunk(
      String model, String object, List<?> choices, Map<String, Object> more) {
    Map<String, Object> chunk = new LinkedHashMap<>(more);
    chunk.put("id", "chatcmpl-1");
    chunk.put("object", object);
    chunk.put("created", 1);
    chunk.put("model", model);
    chunk.put("choices", choices);
    return chunk;
  }

  private static List<?> choice(String field, Map<String, ?> content, @Nullable String finish) {
    Map<String, Object> choice = new LinkedHashMap<>();
    choice.put("index", 0);
    choice.put(field, content);
    if (finish != null) {
      choice.put("finish_reason", finish);
    }
    return List.of(choice);
  }

  private static Map<String, Object> usage(StandInReplies.Written reply) {
    return Map.of(
        "prompt_tokens", reply.promptTokens(),
        "completion_tokens", reply.completionTokens(),
        "total_tokens", reply.promptTokens() + reply.completionTokens());
  }

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    int[] points = text.codePoints().toArray();
    for (int at = 0; at < points.length; at += PIECE) {
      int[] piece = Arrays.copyOfRange(points, at, Math.min(points.length, at + PIECE));
      pieces.add(new String(piece, 0, piece.length));
    }
    return pieces;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  private static void send(HttpExchange exchange, int status, Map<String, ?> body)
      throws IOException {
    byte[] bytes = Payload.of(body).json().getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  /** Stops serving; what is under way is broken off. Idempotent. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
