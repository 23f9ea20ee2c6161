// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Stands in for the provider of a language model: a server that several processes ask, and that
 * knows what it was asked, whatever became of them. Thread safe.
 */
final class CountingProvider implements AutoCloseable {
  private final HttpServer server;
  private final UnaryOperator<String> answers;
  private final List<String> asked = new ArrayList<>();

  private CountingProvider(HttpServer server, UnaryOperator<String> answers) {
    this.server = server;
    this.answers = answers;
  }

  /** Starts one on a free port of this machine. */
  static CountingProvider start(UnaryOperator<String> answers) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServer.create(address, 0);
    CountingProvider provider = new CountingProvider(server, answers);
    server.createContext("/", provider::answer);
    server.start();
    return provider;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String question = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      synchronized (asked) {
        asked.add(question);
      }
      byte[] answer = answers.apply(question).getBytes(UTF_8);
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  /** Where it is asked. */
  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  /** How often it was asked. */
  int calls() {
    synchronized (asked) {
      return asked.size();
    }
  }

  /** How often it was asked what it had been asked before. */
  int repeated() {
    synchronized (asked) {
      return asked.size() - new HashSet<>(asked).size();
    }
  }

  /** Asks the provider at an address. */
  static String ask(URI provider, String question) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(provider)
            .POST(HttpRequest.BodyPublishers.ofString(question))
            .build();
    return HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString(UTF_8))
        .body();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
