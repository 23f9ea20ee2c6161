// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Usage;
import io.agentgovernance.time.TimeSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Chat models behind OpenRouter, or behind any server that speaks OpenAI's chat completions.
 *
 * <pre>{@code
 * try (ChatModel model = OpenRouterChatModel.builder("anthropic/claude-sonnet-4")
 *     .key(secrets, "vault:api-keys/openrouter")
 *     .build()) { … }
 * }</pre>
 *
 * <p>Usually it is opened by URI, {@code openrouter:<model>}, and the orchestrator closes it.
 *
 * <p>Thread safe. {@link #chat} makes exactly one attempt, on a thread of this client; its caller
 * leaves at once when the call is aborted, out of time or interrupted, and the connection is
 * closed. Whoever built it closes it: {@link #close} is idempotent, aborts what is under way, and
 * waits at most two seconds for its threads.
 */
public final class OpenRouterChatModel implements ChatModel {
  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");
  private static final Duration QUERY_LIMIT = Duration.ofSeconds(10);

  private final Config config;
  private final ApiKey key;
  private final TimeSource time;
  private final Transport transport;
  private final RequestWriter writer;
  private final Errors errors;
  private final Faults faults;
  private final Queries queries;
  private final Catalog catalog;

  OpenRouterChatModel(Config config, ApiKey key, TimeSource time, OkHttpClient settings) {
    this.config = config;
    this.key = key;
    this.time = time;
    this.transport = new Transport(settings, config.connectTimeout(), config.idleTimeout());
    this.writer = new RequestWriter(config);
    this.errors = new Errors(config.endpoint().name(), key.reference(), config.dialect());
    this.faults = new Faults(errors, config.connectTimeout(), config.idleTimeout());
    this.queries = new Queries(config, transport, errors, faults, key, time, QUERY_LIMIT);
    this.catalog = new Catalog(queries::models, time);
  }

  /**
   * Begins a client for a model.
   *
   * @param model the model as its server names it. It is asked whatever a request names: to an
   *     orchestrator that is given the client, its name is a label
   */
  public static OpenRouterChatModelBuilder builder(String model) {
    return new OpenRouterChatModelBuilder(model);
  }

  @Override
  public ChatReply chat(ChatRequest request, Exchange exchange)
      throws ModelException, InterruptedException {
    Duration limit = exchange.remaining();
    String model = config.model();
    if (exchange.aborted() || limit.isZero()) {
      throw ModelException.of(
              exchange.aborted() ? Kind.ABORTED : Kind.TIMEOUT,
              errors.server() + ": the call had ended before it began")
          .costNothing()
          .build();
    }
    String authorization = key.authorization();
    ChatReader reader =
        new ChatReader(
            model,
            request.promptBytes(),
            request.maxTokens(),
            errors,
            () -> new Excerpt(secret(authorization), promptText(request)),
            time::now,
            listener(exchange));
    Job<ChatReply> job =
        transport.begin(http(request, model, authorization), limit, exchange.time(), reader);
    exchange.onAbort(() -> job.abort(Job.Left.ABORTED));
    return outcome(job, limit);
  }

  /** Only OpenRouter can be asked for a reply's cost by its id. */
  private ChatReader.Listener listener(Exchange exchange) {
    boolean settles = config.dialect() == Dialect.OPENROUTER;
    return new ChatReader.Listener() {
      @Override
      public void delta(String text) {
        exchange.delta(text);
        config.deltas().onDelta(exchange.role(), text);
      }

      @Override
      public void replyId(String id) {
        if (settles) {
          exchange.replyStarted(id);
        }
      }
    };
  }

  private ChatReply outcome(Job<ChatReply> job, Duration limit) throws InterruptedException {
    Job.Left left = job.await(limit);
    if (left != null) {
      throw faults.left(left, job, limit);
    }
    ChatReply reply = job.result();
    Throwable error = job.error();
    if (reply == null || job.left() == Job.Left.ABORTED) {
      throw faults.of(error == null ? new IllegalStateException("aborted") : error, job, limit);
    }
    return reply;
  }

  private Request http(ChatRequest request, String model, @Nullable String authorization) {
    byte[] body;
    try {
      body = writer.write(request, model);
    } catch (IllegalArgumentException e) {
      throw ModelException.of(
              Kind.INVALID_REQUEST,
              errors.server() + ": " + e.getMessage() + ". Correct the option; nothing was sent.")
          .build();
    }
    Request.Builder http =
        queries
            .request("chat/completions", authorization)
            .header("Accept-Encoding", "identity") // compressed, a stream comes in lumps
            .header(
                "Accept",
                config.streaming() == Streaming.ON ? "text/event-stream" : "application/json")
            .post(new OneShot(body));
    Attribution app = config.attribution();
    if (config.dialect() == Dialect.OPENROUTER) {
      header(http, "HTTP-Referer", app.referer());
      header(http, "X-OpenRouter-Title", app.title());
      header(http, "X-OpenRouter-Categories", String.join(",", app.categories()));
    }
    return http.build();
  }

  private static void header(Request.Builder http, String name, String value) {
    if (!value.isEmpty()) {
      http.header(name, value);
    }
  }

  /** A body that is sent once: sent again, a request may be paid for twice. */
  private static final class OneShot extends RequestBody {
    private final byte[] bytes;

    OneShot(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public MediaType contentType() {
      return JSON;
    }

    @Override
    public long contentLength() {
      return bytes.length;
    }

    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.write(bytes);
    }
  }

  private static String secret(@Nullable String authorization) {
    return authorization == null ? "" : authorization.substring("Bearer ".length());
  }

  private static String promptText(ChatRequest request) {
    return request.messages().stream().map(Message::text).collect(Collectors.joining("\n"));
  }

  /** Returns the server and the model. */
  @Override
  public String name() {
    return config.endpoint().name() + ":" + config.model();
  }

  /**
   * Returns the most a call of its model may cost by the server's list, fallbacks included, or what
   * was configured. Asks the server on first use and then once an hour; blocks for at most 10 s.
   */
  @Override
  public Optional<ModelPricing> pricing(String model) {
    ModelPricing configured = config.pricing();
    if (configured != null) {
      return Optional.of(configured);
    }
    if (config.dialect() != Dialect.OPENROUTER) {
      return Optional.empty();
    }
    List<String> models = new ArrayList<>();
    models.add(config.model());
    models.addAll(config.fallbackModels());
    return catalog.pricing(models).or(this::maxPrice);
  }

  private Optional<ModelPricing> maxPrice() {
    Optional<BigDecimal> prompt = config.routing().maxPricePerToken("prompt");
    Optional<BigDecimal> completion = config.routing().maxPricePerToken("completion");
    return prompt.isPresent() && completion.isPresent()
        ? Optional.of(new ModelPricing(prompt.get(), completion.get()))
        : Optional.empty();
  }

  /** Asks {@code /generation}, if it is OpenRouter's; blocks for at most 10 s. */
  @Override
  public Optional<Usage> usageOf(String replyId) throws InterruptedException {
    return config.dialect() == Dialect.OPENROUTER
        ? generation(replyId).map(Generation::usage)
        : Optional.empty();
  }

  /**
   * Asks for the server's models; blocks for at most 10 s.
   *
   * @throws ModelException if there is no list
   */
  public List<ModelInfo> models() throws InterruptedException {
    return queries.models();
  }

  /**
   * Asks OpenRouter what the key in use may spend and has spent; blocks for at most 10 s.
   *
   * @throws ModelException if it does not say
   */
  public KeyInfo key() throws InterruptedException {
    return queries.key();
  }

  /**
   * Asks OpenRouter what it has on record of a reply; blocks for at most 10 s.
   *
   * @return empty if there is none, which for some seconds after a reply means: not yet
   * @throws ModelException if it does not say
   */
  public Optional<Generation> generation(String replyId) throws InterruptedException {
    return queries.generation(replyId);
  }

  @Override
  public void close() {
    transport.close();
  }

  /** Shows server and model. */
  @Override
  public String toString() {
    return "OpenRouterChatModel[" + name() + "]";
  }
}
