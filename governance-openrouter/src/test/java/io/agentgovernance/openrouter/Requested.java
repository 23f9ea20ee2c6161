// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Message;
import io.agentgovernance.payload.Payload;
import java.util.List;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Requests as a server gets them. */
abstract class Requested {
  static final String REPLY =
      "{\"id\":\"gen-1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
          + "\"message\":{\"content\":\"ok\"}}]}";

  MockWebServer server;

  record Risk(double score, List<String> reasons) {}

  @BeforeEach
  void start() throws Exception {
    server = Servers.prompt();
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  OpenRouterChatModelBuilder client() {
    return client("vendor/asked");
  }

  OpenRouterChatModelBuilder client(String name) {
    return OpenRouterChatModel.builder(name)
        .baseUrl(server.url("/api/v1").toString())
        .dialect(Dialect.OPENROUTER)
        .key(TestKeys.SOURCE, "env:OPENROUTER_API_KEY");
  }

  static ChatRequest.Builder ask() {
    return ChatRequest.builder("vendor/asked").message(Message.user("hi")).maxTokens(100);
  }

  RecordedRequest send(OpenRouterChatModelBuilder client, ChatRequest request) throws Exception {
    server.enqueue(new MockResponse.Builder().body(REPLY).build());
    try (OpenRouterChatModel model = client.build()) {
      model.chat(request, new TestExchange());
    }
    return server.takeRequest();
  }

  static Payload body(RecordedRequest request) {
    return Payload.json(request.getBody().utf8());
  }

  Payload sent(OpenRouterChatModelBuilder client, ChatRequest request) throws Exception {
    return body(send(client, request));
  }
}
