// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.BadInputException;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/** The server and its paths. Immutable and thread safe. */
record Endpoint(HttpUrl base) {
  static final String OPENROUTER = "https://openrouter.ai/api/v1";

  /** Whether {@code http} is allowed to hosts other than this machine. */
  enum PlainHttp {
    TO_LOOPBACK,
    ANYWHERE
  }

  /**
   * Reads a base URL.
   *
   * @throws BadInputException if it cannot be used
   */
  static Endpoint of(String where, String text, PlainHttp plain) {
    HttpUrl url = HttpUrl.parse(text);
    if (url == null
        || !url.username().isEmpty()
        || !url.password().isEmpty()
        || url.query() != null
        || url.fragment() != null) {
      throw new BadInputException(
          where,
          url == null ? "a text that is no http or https URL" : "a URL with a user or parameters",
          "http:// or https:// with a host and a path, such as " + OPENROUTER,
          "Correct it; keys never belong in a URL");
    }
    if (!url.isHttps() && plain == PlainHttp.TO_LOOPBACK && !isLoopback(url.host())) {
      throw new BadInputException(
          where,
          "http to the host " + url.host(),
          "https, or http to this machine: prompts and keys would be readable on the way",
          "Use https, or set openrouter.allow-http to true if the network is trusted");
    }
    return new Endpoint(url);
  }

  static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  boolean isOpenRouter() {
    return isDomain("openrouter.ai");
  }

  /** OpenAI refuses the older name of the token limit. */
  boolean isOpenAi() {
    return isDomain("openai.com") || isDomain("openai.azure.com");
  }

  private boolean isDomain(String domain) {
    return base.host().equals(domain) || base.host().endsWith("." + domain);
  }

  HttpUrl path(String segments) {
    return base.newBuilder().addPathSegments(segments).build();
  }

  HttpUrl path(String segments, String name, @Nullable String value) {
    return base.newBuilder().addPathSegments(segments).addQueryParameter(name, value).build();
  }

  /** For messages. */
  String name() {
    return isOpenRouter()
        ? "openrouter"
        : base.host()
            + (base.port() == HttpUrl.defaultPort(base.scheme()) ? "" : ":" + base.port());
  }
}
