// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.databind.JsonNode;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Supplier;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads the response to one request, streamed or not: the body says which it is, not the header,
 * because servers err there. Used once, by one thread.
 */
final class ChatReader implements Job.Reader<ChatReply> {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);
  private static final int BUFFER = 8 << 10;

  private final String model;
  private final long promptBytes;
  private final int maxTokens;
  private final Errors errors;
  private final Supplier<Excerpt> excerpt;
  private final Supplier<Instant> now;
  private final Listener listener;
  private boolean done;

  /** Hears of a reply while it comes. */
  interface Listener {
    void delta(String text);

    void replyId(String id);
  }

  ChatReader(
      String model,
      long promptBytes,
      int maxTokens,
      Errors errors,
      Supplier<Excerpt> excerpt,
      Supplier<Instant> now,
      Listener listener) {
    this.model = model;
    this.promptBytes = promptBytes;
    this.maxTokens = maxTokens;
    this.errors = errors;
    this.excerpt = excerpt;
    this.now = now;
    this.listener = listener;
  }

  @Override
  public ChatReply read(Response response, Job<?> job) throws IOException {
    note(response.header("X-Generation-Id"), null, job);
    BufferedSource source = response.body().source();
    if (!response.isSuccessful()) {
      throw refused(response, source, job);
    }
    ReplyAssembler reply =
        new ReplyAssembler(
            model,
            text -> {
              if (!job.gone()) {
                listener.delta(text);
              }
            });
    try {
      skipSpace(source);
      ReplyAssembler.End end =
          !source.exhausted() && source.getBuffer().getByte(0) == '{'
              ? whole(source, reply, job)
              : stream(source, reply, job);
      return reply.reply(end, bound(reply));
    } catch (ReplyAssembler.ErrorInReplyException e) {
      throw inReply(e, reply, job);
    } catch (ReplyAssembler.BadReplyException | SseDecoder.TooLongException e) {
      note(reply, job);
      throw Faults.completed(errors.malformed(String.valueOf(e.getMessage()), model), job);
    }
  }

  private ModelException refused(Response response, BufferedSource source, Job<?> job)
      throws IOException {
    ServerError error =
        ServerError.read(
            Json.read(Bodies.upTo(Limits.ERROR_BYTES, source)),
            response.code(),
            RetryAfter.of(
                response.header("retry-after-ms"), response.header("Retry-After"), now.get()));
    ModelException.Builder made = errors.of(error, model, excerpt.get());
    String id = job.replyId();
    return (id == null ? made : made.replyId(id)).build();
  }

  /** OpenRouter charges nothing for an error, but this one came after the model had begun. */
  private ModelException inReply(
      ReplyAssembler.ErrorInReplyException e, ReplyAssembler reply, Job<?> job) {
    note(reply, job);
    ServerError error = ServerError.read(e.body(), 200, null);
    ModelException.Builder made = errors.of(error, model, excerpt.get());
    return reply.begun() ? Faults.completed(made, job) : made.build();
  }

  private void note(ReplyAssembler reply, Job<?> job) {
    note(reply.id(), reply.usage(), job);
  }

  /** The first id is kept: it is OpenRouter's own, from the header. */
  private void note(@Nullable String id, @Nullable Usage usage, Job<?> job) {
    boolean first = id != null && !id.isEmpty() && job.replyId() == null;
    job.note(first ? id : null, usage);
    if (first && id != null && !job.gone()) {
      listener.replyId(id);
    }
  }

  private static void skipSpace(BufferedSource source) throws IOException {
    long skipped = 0;
    while (!source.exhausted() && isSpace(source.getBuffer().getByte(0))) {
      source.skip(1);
      if (++skipped > Limits.LINE_BYTES) {
        throw new ReplyAssembler.BadReplyException("nothing but white space");
      }
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  private ReplyAssembler.End whole(BufferedSource source, ReplyAssembler reply, Job<?> job)
      throws IOException {
    byte[] body = Bodies.upTo(Limits.REPLY_BYTES, source);
    if (!source.exhausted()) {
      throw new ReplyAssembler.BadReplyException(
          "a reply of more than " + Limits.REPLY_BYTES + " bytes");
    }
    JsonNode json = Json.read(body);
    if (json == null) {
      throw new ReplyAssembler.BadReplyException("text that is no JSON");
    }
    reply.accept(json);
    note(reply, job);
    return ReplyAssembler.End.COMPLETE;
  }

  private ReplyAssembler.End stream(BufferedSource source, ReplyAssembler reply, Job<?> job)
      throws IOException {
    SseDecoder decoder = new SseDecoder((data, length) -> event(data, length, reply, job));
    byte[] buffer = new byte[BUFFER];
    long total = 0;
    while (!done) {
      int read = source.read(buffer);
      if (read < 0) {
        decoder.end();
        break;
      }
      total += read;
      if (total > Limits.REPLY_BYTES) {
        throw new ReplyAssembler.BadReplyException(
            "a stream of more than " + Limits.REPLY_BYTES + " bytes");
      }
      decoder.feed(buffer, 0, read);
    }
    return done ? ReplyAssembler.End.COMPLETE : ReplyAssembler.End.BROKEN_OFF;
  }

  private void event(byte[] data, int length, ReplyAssembler reply, Job<?> job) {
    if (done) {
      return;
    }
    if (isDone(data, length)) {
      done = true;
      return;
    }
    if (length == 0) {
      return;
    }
    JsonNode chunk = Json.read(data, 0, length);
    if (chunk == null) {
      throw new ReplyAssembler.BadReplyException("an event that is no JSON");
    }
    reply.accept(chunk);
    note(reply, job);
  }

  private static boolean isDone(byte[] data, int length) {
    int end = length;
    while (end > 0 && isSpace(data[end - 1])) {
      end--;
    }
    return Arrays.equals(data, 0, end, DONE, 0, DONE.length);
  }

  /** No tokenizer makes more than one token of a byte. */
  private Usage bound(ReplyAssembler reply) {
    return Usage.of(promptBytes, Math.min(maxTokens, reply.writtenBytes()));
  }
}
