// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.time.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What a server is asked apart from chats. Thread safe; each method blocks for a limited time. */
final class Queries {
  private static final String AGENT = "agent-governance-java";
  private static final int NOT_FOUND = 404;

  private final Config config;
  private final Transport transport;
  private final Errors errors;
  private final Faults faults;
  private final ApiKey key;
  private final TimeSource time;
  private final Duration limit;

  Queries(
      Config config,
      Transport transport,
      Errors errors,
      Faults faults,
      ApiKey key,
      TimeSource time,
      Duration limit) {
    this.config = config;
    this.transport = transport;
    this.errors = errors;
    this.faults = faults;
    this.key = key;
    this.time = time;
    this.limit = limit;
  }

  /** Begins a request with what all requests have. */
  Request.Builder request(String path, @Nullable String authorization) {
    return request(config.endpoint().path(path), authorization);
  }

  private static Request.Builder request(HttpUrl url, @Nullable String authorization) {
    Request.Builder http = new Request.Builder().url(url).header("User-Agent", AGENT);
    return authorization == null ? http : http.header("Authorization", authorization);
  }

  List<ModelInfo> models() throws InterruptedException {
    return ListReader.models(get(config.endpoint().path("models")).orElseThrow(this::noList));
  }

  KeyInfo key() throws InterruptedException {
    return ListReader.key(get(config.endpoint().path("key")).orElseThrow(this::noList));
  }

  Optional<Generation> generation(String id) throws InterruptedException {
    return get(config.endpoint().path("generation", "id", id)).map(ListReader::generation);
  }

  private ModelException noList() {
    return ModelException.of(
            ModelException.Kind.NOT_FOUND,
            errors.server() + ": no such list (status 404). Check the base URL.")
        .build();
  }

  /** Empty if there is no such thing. */
  private Optional<JsonNode> get(HttpUrl url) throws InterruptedException {
    String authorization = key.authorization();
    Excerpt excerpt =
        new Excerpt(authorization == null ? "" : authorization.substring("Bearer ".length()), "");
    Job<Optional<JsonNode>> job =
        transport.begin(
            request(url, authorization).build(),
            limit,
            time,
            (response, self) -> read(response, excerpt));
    Job.Left left = job.await(limit);
    if (left != null) {
      throw faults.left(left, job, limit);
    }
    Optional<JsonNode> found = job.result();
    Throwable error = job.error();
    if (found == null) {
      throw faults.of(error == null ? new IllegalStateException("no result") : error, job, limit);
    }
    return found;
  }

  private Optional<JsonNode> read(Response response, Excerpt excerpt) throws IOException {
    byte[] body = Bodies.upTo(Limits.LIST_BYTES, response.body().source());
    if (response.code() == NOT_FOUND) {
      return Optional.empty();
    }
    JsonNode json = Json.read(body);
    if (!response.isSuccessful() || (json != null && Json.has(json, "error"))) {
      throw errors
          .of(
              ServerError.read(
                  json,
                  response.code(),
                  RetryAfter.of(
                      response.header("retry-after-ms"),
                      response.header("Retry-After"),
                      time.now())),
              config.model(),
              excerpt)
          .build();
    }
    if (json == null || !json.isObject()) {
      throw errors.malformed("text that is no JSON object", config.model()).build();
    }
    return Optional.of(json);
  }
}
