// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link OpenRouterChatModel}. Not thread safe; reusable: each {@link #build()} makes an
 * independent client.
 */
public final class OpenRouterChatModelBuilder {
  /** How long connecting may take: 10 s. */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** How long nothing may come from the server: 60 s. */
  public static final Duration DEFAULT_IDLE_TIMEOUT = Duration.ofSeconds(60);

  private final String model;
  private final Map<String, Payload> options = new TreeMap<>();
  private String baseUrl = Endpoint.OPENROUTER;
  private String baseUrlName = "base URL";
  private Endpoint.PlainHttp plainHttp = Endpoint.PlainHttp.TO_LOOPBACK;
  private ApiKey key = ApiKey.none();
  private List<String> fallbackModels = List.of();
  private ProviderRouting routing = ProviderRouting.any();
  private Attribution attribution = Attribution.NONE;
  private Streaming streaming = Streaming.ON;
  private @Nullable Dialect dialect;
  private @Nullable StructuredOutput structuredOutput;
  private @Nullable TokenLimit tokenLimit;
  private @Nullable ModelPricing pricing;
  private Duration connectTimeout = DEFAULT_CONNECT_TIMEOUT;
  private Duration idleTimeout = DEFAULT_IDLE_TIMEOUT;
  private DeltaListener deltas = (role, text) -> {};
  private TimeSource time = TimeSource.system();
  private @Nullable SSLSocketFactory sockets;
  private @Nullable X509TrustManager trust;

  OpenRouterChatModelBuilder(String model) {
    this.model = requireNonNull(model, "model").strip();
    if (this.model.isEmpty()) {
      throw new BadInputException(
          "model",
          "no name after 'openrouter:'",
          "a model as its server names it, such as openrouter:anthropic/claude-sonnet-4",
          "https://openrouter.ai/models lists them");
    }
  }

  /**
   * Sets the server, up to the version: {@code http://localhost:11434/v1}. If unset, OpenRouter.
   * {@code http} is refused to hosts other than this machine.
   */
  public OpenRouterChatModelBuilder baseUrl(String url) {
    this.baseUrl = requireNonNull(url, "url");
    return this;
  }

  OpenRouterChatModelBuilder baseUrlName(String name) {
    this.baseUrlName = name;
    return this;
  }

  /** Allows {@code http} to any host: prompts and the key can be read on the way. */
  public OpenRouterChatModelBuilder allowPlainHttp() {
    this.plainHttp = Endpoint.PlainHttp.ANYWHERE;
    return this;
  }

  /** Sets the key, which stays the caller's to close, later than this client. If unset, none. */
  public OpenRouterChatModelBuilder key(Secret secret) {
    this.key = ApiKey.of(requireNonNull(secret, "secret"));
    return this;
  }

  /** Sets where the key is read for each call, such as {@code vault:api-keys/openrouter}. */
  public OpenRouterChatModelBuilder key(SecretSource source, String reference) {
    this.key = ApiKey.of(requireNonNull(source, "source"), requireNonNull(reference, "reference"));
    return this;
  }

  /** Sets models that OpenRouter tries if the model fails. If unset, none. */
  public OpenRouterChatModelBuilder fallbackModels(List<String> models) {
    this.fallbackModels = List.copyOf(models);
    return this;
  }

  /** Sets which of OpenRouter's providers may serve the model. If unset, any. */
  public OpenRouterChatModelBuilder routing(ProviderRouting routing) {
    this.routing = requireNonNull(routing, "routing");
    return this;
  }

  /** Sets as which application OpenRouter lists the calls. If unset, none. */
  public OpenRouterChatModelBuilder attribution(Attribution attribution) {
    this.attribution = requireNonNull(attribution, "attribution");
    return this;
  }

  /** Sets whether replies are streamed. If unset, they are. */
  public OpenRouterChatModelBuilder streaming(Streaming streaming) {
    this.streaming = requireNonNull(streaming, "streaming");
    return this;
  }

  /** Sets what kind of server it is. If unset, the host says it. */
  public OpenRouterChatModelBuilder dialect(Dialect dialect) {
    this.dialect = requireNonNull(dialect, "dialect");
    return this;
  }

  /** Sets how the shape of a reply is asked for. If unset, the dialect says it. */
  public OpenRouterChatModelBuilder structuredOutput(StructuredOutput form) {
    this.structuredOutput = requireNonNull(form, "form");
    return this;
  }

  /** Sets how the length of a reply is limited. If unset, the server's kind says it. */
  public OpenRouterChatModelBuilder tokenLimit(TokenLimit field) {
    this.tokenLimit = requireNonNull(field, "field");
    return this;
  }

  /**
   * Sets an option of all requests that do not set it themselves, such as {@code temperature} or
   * {@code reasoning}.
   *
   * @throws BadInputException if there is no such option
   */
  public OpenRouterChatModelBuilder option(String name, Object value) {
    if (!RequestOptions.isKnown(name)) {
      throw new BadInputException(
          "option", "'" + name + "'", "an option of chat completions", "See docs/openrouter.md");
    }
    options.put(name, Payload.of(value));
    return this;
  }

  /** Sets who hears of each piece of text as it comes. If unset, the runtime only. */
  public OpenRouterChatModelBuilder onDelta(DeltaListener listener) {
    this.deltas = requireNonNull(listener, "listener");
    return this;
  }

  /** Sets prices instead of the server's list. If unset, OpenRouter's list is read. */
  public OpenRouterChatModelBuilder pricing(ModelPricing pricing) {
    this.pricing = requireNonNull(pricing, "pricing");
    return this;
  }

  /** Sets how long connecting may take. If unset, 10 s. */
  public OpenRouterChatModelBuilder connectTimeout(Duration timeout) {
    this.connectTimeout = positive("connect timeout", timeout);
    return this;
  }

  /** Sets how long nothing may come, not even a comment. If unset, 60 s. */
  public OpenRouterChatModelBuilder idleTimeout(Duration timeout) {
    this.idleTimeout = positive("idle timeout", timeout);
    return this;
  }

  /** Sets whose certificates are trusted. If unset, those of the JVM. */
  public OpenRouterChatModelBuilder trust(SSLSocketFactory sockets, X509TrustManager manager) {
    this.sockets = requireNonNull(sockets, "sockets");
    this.trust = requireNonNull(manager, "manager");
    return this;
  }

  /** Sets the time source. If unset, the system's. */
  public OpenRouterChatModelBuilder time(TimeSource time) {
    this.time = requireNonNull(time, "time");
    return this;
  }

  /**
   * Builds the client; does not go to the network.
   *
   * @throws BadInputException if the server or an option cannot be used
   */
  public OpenRouterChatModel build() {
    Endpoint endpoint = Endpoint.of(baseUrlName, baseUrl, plainHttp);
    Dialect spoken =
        dialect != null ? dialect : endpoint.isOpenRouter() ? Dialect.OPENROUTER : Dialect.OPENAI;
    checkOptions(spoken);
    Config config =
        new Config(
            endpoint,
            spoken,
            model,
            fallbackModels,
            routing,
            attribution,
            streaming,
            structuredOutput != null ? structuredOutput : defaultOutput(spoken),
            tokenLimit != null ? tokenLimit : defaultLimit(spoken, endpoint),
            options,
            pricing,
            deltas,
            connectTimeout,
            idleTimeout);
    OkHttpClient.Builder http = new OkHttpClient.Builder();
    if (sockets != null && trust != null) {
      http.sslSocketFactory(sockets, trust);
    }
    return new OpenRouterChatModel(config, key, time, http.build());
  }

  private void checkOptions(Dialect spoken) {
    try {
      RequestOptions.checked(options, spoken);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          "OpenRouterChatModelBuilder.option",
          String.valueOf(e.getMessage()),
          "values of the contract",
          "See docs/openrouter.md",
          e);
    }
  }

  private static StructuredOutput defaultOutput(Dialect spoken) {
    return spoken == Dialect.OPENROUTER
        ? StructuredOutput.SCHEMA
        : StructuredOutput.SCHEMA_AND_PROMPT;
  }

  private static TokenLimit defaultLimit(Dialect spoken, Endpoint endpoint) {
    return spoken == Dialect.OPENROUTER || endpoint.isOpenAi()
        ? TokenLimit.MAX_COMPLETION_TOKENS
        : TokenLimit.BOTH;
  }

  private static Duration positive(String where, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new BadInputException(
          where, value.toString(), "a positive duration", "Give it at least a millisecond");
    }
    return value;
  }
}
