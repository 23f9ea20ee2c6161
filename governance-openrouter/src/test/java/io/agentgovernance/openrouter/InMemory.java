// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.time.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.Okio;
import okio.Source;
import okio.Timeout;

/** Reads responses without a network. */
final class InMemory {
  private static final Request ASKED = new Request.Builder().url("http://localhost/").build();
  private static final OkHttpClient CLIENT = new OkHttpClient();
  private static final Errors ERRORS =
      new Errors("openrouter", "env:OPENROUTER_API_KEY", Dialect.OPENROUTER);

  private InMemory() {}

  /** Delivers bytes in pieces that end at these places. */
  private static final class Pieces implements Source {
    private final byte[] bytes;
    private final int[] ends;
    private int piece;
    private int at;

    Pieces(byte[] bytes, int... ends) {
      this.bytes = bytes;
      this.ends = ends;
    }

    @Override
    public long read(Buffer sink, long byteCount) {
      while (piece < ends.length && at >= ends[piece]) {
        piece++;
      }
      int end = piece < ends.length ? ends[piece] : bytes.length;
      int length = (int) Math.min(byteCount, end - at);
      if (length <= 0) {
        return -1;
      }
      sink.write(bytes, at, length);
      at += length;
      return length;
    }

    @Override
    public Timeout timeout() {
      return Timeout.NONE;
    }

    @Override
    public void close() {}
  }

  static ChatReply read(ContractCase c, List<String> deltas, int... ends) throws IOException {
    Response.Builder response = response(c.status(), c.body(), ends);
    c.headers().forEach(header -> response.addHeader(header[0], header[1]));
    try (Response built = response.build()) {
      return reader(deltas).read(built, job(deltas));
    }
  }

  static ChatReply read(int status, byte[] body, int... ends) throws IOException {
    List<String> deltas = new ArrayList<>();
    try (Response response = response(status, body, ends).build()) {
      return reader(deltas).read(response, job(deltas));
    }
  }

  private static Response.Builder response(int status, byte[] body, int... ends) {
    BufferedSource source = Okio.buffer(new Pieces(body, ends));
    return new Response.Builder()
        .request(ASKED)
        .protocol(Protocol.HTTP_1_1)
        .code(status)
        .message("X")
        .body(ResponseBody.create(source, (MediaType) null, -1));
  }

  private static ChatReader reader(List<String> deltas) {
    return new ChatReader(
        "vendor/asked",
        Judge.REQUEST.promptBytes(),
        Judge.REQUEST.maxTokens(),
        ERRORS,
        () -> new Excerpt(TestKeys.KEY, Judge.REQUEST.messages().get(0).text()),
        () -> FixedClock.NOW,
        new ChatReader.Listener() {
          @Override
          public void delta(String text) {
            deltas.add(text);
          }

          @Override
          public void replyId(String id) {}
        });
  }

  private static Job<ChatReply> job(List<String> deltas) {
    Job<ChatReply> job =
        new Job<>(CLIENT.newCall(ASKED), reader(deltas), TimeSource.system(), ended -> {});
    job.noteSent();
    return job;
  }
}
