// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.model;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.internal.model.JsonCandidates.Answer;
import io.agentgovernance.internal.model.Reading.Reason;
import io.agentgovernance.internal.model.Reading.Unusable;
import io.agentgovernance.internal.model.Reading.Usable;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the value in a model's reply: models wrap JSON in fences, in politeness and in thoughts.
 * Never throws because of what a reply holds. Thread safe.
 */
public final class ReplyReader {
  private static final Pattern THOUGHTS =
      Pattern.compile(
          "^\\s*<(think|thinking|reasoning)>.*?</\\1>", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  private static final Pattern FENCED =
      Pattern.compile("^```[\\w+-]*[ \\t]*\\R(.*?)\\R?[ \\t]*```$", Pattern.DOTALL);

  private ReplyReader() {}

  /**
   * Returns the first value in the reply's text that meets the schema, else what is wrong with the
   * reply. A complete value counts even if the reply was cut after it.
   */
  public static Reading read(ChatReply reply, Schema schema) {
    if (reply.finish() == FinishReason.CONTENT_FILTER) {
      return unusable(Reason.REFUSED, "the reply was withheld by a content filter or refused");
    }
    String text = bare(reply.text());
    if (text.isEmpty()) {
      return incomplete(reply)
          .orElseGet(
              () ->
                  unusable(
                      Reason.EMPTY,
                      reply.toolUses().isEmpty()
                          ? "the reply has no text"
                          : "the reply asks for tools and has no text"));
    }
    Reading found = search(text, schema);
    return found instanceof Usable ? found : incomplete(reply).orElse(found);
  }

  private static Optional<Reading> incomplete(ChatReply reply) {
    if (reply.finish() == FinishReason.LENGTH) {
      return Optional.of(
          unusable(
              Reason.TRUNCATED,
              "the reply was cut at the token limit before its JSON value was complete; be"
                  + " briefer"));
    }
    if (reply.finish() == FinishReason.ERROR) {
      return Optional.of(
          unusable(Reason.BROKEN_OFF, "the reply broke off before its JSON value was complete"));
    }
    return Optional.empty();
  }

  private static Reading search(String text, Schema schema) {
    var search = new Search(schema);
    JsonCandidates.search(text, search::accept);
    if (search.found instanceof Usable) {
      return search.found;
    }
    return asText(text)
        .filter(whole -> schema.problems(whole).isEmpty())
        .<Reading>map(Usable::new)
        .orElse(search.found);
  }

  /** A schema may want a mere text; a reply with half a surrogate pair is not even that. */
  private static Optional<Payload> asText(String text) {
    try {
      return Optional.of(Payload.text(text));
    } catch (GovernanceException malformed) {
      return Optional.empty();
    }
  }

  /** Keeps the first value that meets the schema, else the problems of the first value. */
  private static final class Search {
    private final Schema schema;
    private Reading found = unusable(Reason.NO_JSON, "the reply holds no complete JSON value");

    Search(Schema schema) {
      this.schema = schema;
    }

    Answer accept(String candidate) {
      Payload value;
      try {
        value = Payload.json(candidate);
      } catch (GovernanceException malformed) {
        return Answer.NOT_JSON;
      }
      List<String> problems = schema.problems(value);
      if (problems.isEmpty()) {
        found = new Usable(value);
        return Answer.DONE;
      }
      if (found instanceof Unusable other && other.reason() == Reason.NO_JSON) {
        found = new Unusable(Reason.SCHEMA, problems);
      }
      return Answer.OTHER_JSON;
    }
  }

  /** The text without byte order mark, leading thoughts, a fence around all of it, and space. */
  private static String bare(String reply) {
    String text = strip(reply);
    text = strip(THOUGHTS.matcher(text).replaceFirst(""));
    var fenced = FENCED.matcher(text);
    return fenced.matches() ? strip(fenced.group(1)) : text;
  }

  private static String strip(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static boolean isSpace(char c) {
    return c <= ' ' || c == '\uFEFF' || c == '\u200B' || Character.isWhitespace(c);
  }

  private static Reading unusable(Reason reason, String problem) {
    return new Unusable(reason, List.of(problem));
  }
}
