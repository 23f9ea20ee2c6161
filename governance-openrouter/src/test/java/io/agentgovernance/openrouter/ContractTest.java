// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of the contract, over real sockets. */
class ContractTest {
  private static final int SPLITS = 20;
  private static MockWebServer server;
  private static OpenRouterChatModel streaming;
  private static OpenRouterChatModel whole;

  @BeforeAll
  static void start() throws Exception {
    server = Servers.prompt();
    server.start();
    streaming = client(Streaming.ON);
    whole = client(Streaming.OFF);
  }

  private static OpenRouterChatModel client(Streaming mode) {
    return OpenRouterChatModel.builder("vendor/asked")
        .baseUrl(server.url("/api/v1").toString())
        .dialect(Dialect.OPENROUTER)
        .streaming(mode)
        .key(TestKeys.SOURCE, "env:OPENROUTER_API_KEY")
        .time(new FixedClock())
        .build();
  }

  @AfterAll
  static void stop() {
    streaming.close();
    whole.close();
    server.close();
  }

  static List<ContractCase> cases() {
    return ContractCase.all();
  }

  @Test
  void thereAreCasesForEveryRow() {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(80);
    for (int status :
        new int[] {400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 524, 529}) {
      assertThat(cases()).anyMatch(c -> c.status() == status);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void comesToWhatItsFileSays(ContractCase c) throws Exception {
    server.enqueue(response(c).body(new Buffer().write(c.body())).build());

    ask(c);

    RecordedRequest request = server.takeRequest();
    assertThat(request.getUrl().encodedPath()).isEqualTo("/api/v1/chat/completions");
    assertThat(request.getHeaders().get("Authorization")).isEqualTo("Bearer " + TestKeys.KEY);
  }

  private static void ask(ContractCase c) throws InterruptedException {
    TestExchange exchange = new TestExchange();
    ChatReply reply;
    try {
      reply = (c.whole() ? whole : streaming).chat(Judge.REQUEST, exchange);
    } catch (ModelException e) {
      Judge.check(c, e);
      return;
    }
    Judge.check(c, reply, exchange.deltas());
  }

  private static MockResponse.Builder response(ContractCase c) {
    MockResponse.Builder response = new MockResponse.Builder().code(c.status());
    c.headers().forEach(header -> response.addHeader(header[0], header[1]));
    return response;
  }

  /** Each chunk of the transfer encoding is read by itself, so that the bytes are really split. */
  @Test
  void splitAnywhereOnTheWayItComesToTheSame() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<ContractCase> streams =
        cases().stream().filter(c -> c.isReply() && c.body().length > 2).toList();
    for (int i = 0; i < SPLITS; i++) {
      ContractCase c = streams.get(random.nextInt(streams.size()));
      int at = 1 + random.nextInt(c.body().length - 1);
      server.enqueue(
          response(c)
              .body(new SplitBody(c.bytes(), at))
              .removeHeader("Content-Length")
              .setHeader("Transfer-Encoding", "chunked")
              .build());
      try {
        ask(c);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ", " + c + " split at " + at, e);
      }
      server.takeRequest();
    }
  }

  /** A body in two chunks. */
  private record SplitBody(ByteString bytes, int at) implements MockResponseBody {
    @Override
    public long getContentLength() {
      return -1;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      chunk(sink, 0, at);
      chunk(sink, at, bytes.size());
      sink.writeUtf8("0\r\n"); // the server ends the trailers
      sink.flush();
    }

    private void chunk(BufferedSink sink, int from, int to) throws IOException {
      sink.writeUtf8(Integer.toHexString(to - from)).writeUtf8("\r\n");
      sink.write(bytes.substring(from, to)).writeUtf8("\r\n");
      sink.flush();
    }
  }
}
