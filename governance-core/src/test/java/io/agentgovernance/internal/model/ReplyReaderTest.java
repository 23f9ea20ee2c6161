// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.model;

import static io.agentgovernance.model.FinishReason.CONTENT_FILTER;
import static io.agentgovernance.model.FinishReason.ERROR;
import static io.agentgovernance.model.FinishReason.LENGTH;
import static io.agentgovernance.model.FinishReason.STOP;
import static io.agentgovernance.model.FinishReason.TOOL_USE;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.internal.model.Reading.Reason;
import io.agentgovernance.internal.model.Reading.Unusable;
import io.agentgovernance.internal.model.Reading.Usable;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReplyReaderTest {
  private static final Schema VERDICT = Schema.of(Verdict.class);
  private static final String GOOD = "{\"verdict\":\"accept\",\"score\":7}";
  private static final String BRACES = "{\"verdict\":\"a } ] \\\" { [ ```\",\"score\":7}";

  record Verdict(String verdict, int score) {}

  record Wrapped(String name, String before, String after) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Wrapped> wrappings() {
    return Stream.of(
        new Wrapped("bare", "", ""),
        new Wrapped("space around it", " \r\n\t ", " \n"),
        new Wrapped("byte order mark", "\uFEFF", ""),
        new Wrapped("byte order mark and zero width space", "\uFEFF\u200B\n", "\u200B"),
        new Wrapped("json fence", "```json\n", "\n```"),
        new Wrapped("plain fence", "```\n", "\n```"),
        new Wrapped("upper case fence", "```JSON\r\n", "\r\n```\r\n"),
        new Wrapped("fence on one line", "```json ", " ```"),
        new Wrapped("fence without an end", "```json\n", ""),
        new Wrapped("fence after prose", "Here you are:\n\n```json\n", "\n```\nAnything else?"),
        new Wrapped("tildes", "~~~\n", "\n~~~"),
        new Wrapped("prose before", "Sure! The answer is ", ""),
        new Wrapped("prose after", "", "\n\nI hope this helps."),
        new Wrapped("prose with brackets before", "As [1] and {see} say: ", ""),
        new Wrapped("prose with an open bracket before", "Note (a { without end: ", ""),
        new Wrapped("prose with an apostrophe before", "I've thought about \"it: ", ""),
        new Wrapped("prose with brackets after", "", " (see [2] and {x})"),
        new Wrapped("thoughts", "<think>{\"verdict\":\"reject\",\"score\":1}? No.</think>\n", ""),
        new Wrapped("another value first", "[\"draft\"] then ", ""),
        new Wrapped("a value of another shape first", "{\"score\":\"high\"}\n", ""),
        new Wrapped("a role prefix", "assistant: ", ""),
        new Wrapped("a tag", "<json>", "</json>"),
        new Wrapped("a quotation mark before", "> ", ""),
        new Wrapped("a null character before", "\0", ""));
  }

  @ParameterizedTest
  @MethodSource("wrappings")
  void findsTheValueInsideItsWrapping(Wrapped wrapped) {
    for (String value : List.of(GOOD, BRACES)) {
      assertThat(read(wrapped.before() + value + wrapped.after(), STOP))
          .isEqualTo(new Usable(Payload.json(value)));
    }
  }

  record Malformed(String name, String text, FinishReason finish, Reason reason) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Malformed> malformed() {
    return Stream.of(
        bad("empty", "", STOP, Reason.EMPTY),
        bad("blank", " \n\t", STOP, Reason.EMPTY),
        bad("only a byte order mark", "\uFEFF", STOP, Reason.EMPTY),
        bad("an empty fence", "```json\n\n```", STOP, Reason.EMPTY),
        bad("only thoughts", "<think>hm</think>", STOP, Reason.EMPTY),
        bad("empty when tools are wanted", "", TOOL_USE, Reason.EMPTY),
        bad("empty at the limit", "", LENGTH, Reason.TRUNCATED),
        bad("empty after an error", "", ERROR, Reason.BROKEN_OFF),
        bad("filtered", "", CONTENT_FILTER, Reason.REFUSED),
        bad("filtered though complete", GOOD, CONTENT_FILTER, Reason.REFUSED),
        bad("a refusal in prose", "I'm sorry, I can't help with that.", STOP, Reason.NO_JSON),
        bad("cut in a string", "{\"verdict\":\"acc", LENGTH, Reason.TRUNCATED),
        bad("cut after a key", "{\"verdict\":", LENGTH, Reason.TRUNCATED),
        bad("cut in a fence", "```json\n{\"verdict\":\"accept\",", LENGTH, Reason.TRUNCATED),
        bad("cut in an escape", "{\"verdict\":\"\\", LENGTH, Reason.TRUNCATED),
        bad("cut though it claims to be complete", "{\"verdict\":\"acc", STOP, Reason.NO_JSON),
        bad("broken off", "{\"verdict\":\"accept\"", ERROR, Reason.BROKEN_OFF),
        bad("unquoted keys", "{verdict:\"accept\",score:7}", STOP, Reason.NO_JSON),
        bad("single quotes", "{'verdict':'accept','score':7}", STOP, Reason.NO_JSON),
        bad("a comma too many", "{\"verdict\":\"accept\",\"score\":7,}", STOP, Reason.NO_JSON),
        bad("a missing comma", "{\"verdict\":\"accept\" \"score\":7}", STOP, Reason.NO_JSON),
        bad("a comment", "{\"verdict\":\"accept\",\"score\":7 /* ok */}", STOP, Reason.NO_JSON),
        bad(
            "a raw newline in a string",
            "{\"verdict\":\"a\nb\",\"score\":7}",
            STOP,
            Reason.NO_JSON),
        bad("brackets that cross", "{\"verdict\":[\"accept\"}]", STOP, Reason.NO_JSON),
        bad("not a number", "{\"verdict\":\"accept\",\"score\":NaN}", STOP, Reason.NO_JSON),
        bad("a repeated key", "{\"score\":1,\"score\":2,\"verdict\":\"x\"}", STOP, Reason.NO_JSON),
        bad("closing brackets only", "}}]]", STOP, Reason.NO_JSON),
        bad("a thousand opening brackets", "[".repeat(1_000), STOP, Reason.NO_JSON),
        bad("too deep", "[".repeat(5_000) + "]".repeat(5_000), STOP, Reason.NO_JSON),
        bad("half a surrogate pair", "\uD83D", STOP, Reason.NO_JSON),
        bad("XML", "<verdict>accept</verdict>", STOP, Reason.NO_JSON),
        bad("a list", "[\"accept\",7]", STOP, Reason.SCHEMA),
        bad("a JSON text", "\"accept\"", STOP, Reason.SCHEMA),
        bad("null", "null", STOP, Reason.SCHEMA),
        bad("a number", "7", STOP, Reason.SCHEMA),
        bad("an empty object", "{}", STOP, Reason.SCHEMA),
        bad("a missing property", "{\"verdict\":\"accept\"}", STOP, Reason.SCHEMA),
        bad("a wrong type", "{\"verdict\":\"accept\",\"score\":\"7\"}", STOP, Reason.SCHEMA),
        bad("a fraction", "{\"verdict\":\"accept\",\"score\":7.5}", STOP, Reason.SCHEMA),
        bad("wrapped in an object", "{\"reply\":" + GOOD + "}", STOP, Reason.SCHEMA),
        bad("wrapped in a list", "[" + GOOD + "]", STOP, Reason.SCHEMA),
        bad("JSON inside a JSON text", Payload.text(GOOD).json(), STOP, Reason.SCHEMA));
  }

  private static Malformed bad(String name, String text, FinishReason finish, Reason reason) {
    return new Malformed(name, text, finish, reason);
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void saysWhatIsWrongWithAMalformedReply(Malformed malformed) {
    Reading reading = read(malformed.text(), malformed.finish());

    assertThat(reading)
        .isInstanceOfSatisfying(
            Unusable.class,
            unusable -> {
              assertThat(unusable.reason()).isEqualTo(malformed.reason());
              assertThat(unusable.problems()).isNotEmpty().noneMatch(String::isBlank);
            });
  }

  @Test
  void aValueThatIsCompleteCountsThoughTheReplyWasCutAfterIt() {
    assertThat(read(GOOD + "\nLet me also exp", LENGTH)).isEqualTo(new Usable(Payload.json(GOOD)));
  }

  @Test
  void theFirstOfTwoGoodValuesCounts() {
    assertThat(read(GOOD + "{\"verdict\":\"reject\",\"score\":1}", STOP))
        .isEqualTo(new Usable(Payload.json(GOOD)));
  }

  @Test
  void theProblemsAreThoseOfTheFirstValue() {
    Reading reading = read("{\"verdict\":\"accept\"} or {\"x\":1}", STOP);

    assertThat(problems(reading)).singleElement().asString().contains("/score");
  }

  @Test
  void theProblemsDoNotRepeatTheReply() {
    Reading reading = read("{\"verdict\":{\"iban\":\"NO93\"},\"score\":\"secret\"}", STOP);

    assertThat(problems(reading).toString()).isNotEmpty().doesNotContain("NO93", "secret");
  }

  @Test
  void textIsEnoughForASchemaOfText() {
    Schema text = Schema.of(String.class);

    assertThat(ReplyReader.read(reply("Just words.", STOP), text))
        .isEqualTo(new Usable(Payload.text("Just words.")));
    assertThat(ReplyReader.read(reply("\"quoted\"", STOP), text))
        .isEqualTo(new Usable(Payload.text("quoted")));
  }

  @Test
  void listsMayBeWantedToo() {
    Schema list = Schema.parse("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}");

    assertThat(ReplyReader.read(reply("Here: [1, 2]", STOP), list))
        .isEqualTo(new Usable(Payload.json("[1,2]")));
  }

  @Test
  void partsOfTextAreReadAsOneAndOtherPartsAreLeftOut() {
    var parts =
        List.<Part>of(
            new Part.Opaque("p", Payload.text("reasoning {}")),
            new Part.Text(GOOD.substring(0, 9)),
            new Part.Text(GOOD.substring(9)));

    var reply = new ChatReply(parts, STOP, Usage.ZERO, "m", null);

    assertThat(ReplyReader.read(reply, VERDICT)).isEqualTo(new Usable(Payload.json(GOOD)));
  }

  private static List<String> problems(Reading reading) {
    return reading.match(usable -> List.of(), Unusable::problems);
  }

  private static Reading read(String text, FinishReason finish) {
    return ReplyReader.read(reply(text, finish), VERDICT);
  }

  private static ChatReply reply(String text, FinishReason finish) {
    return new ChatReply(List.of(new Part.Text(text)), finish, Usage.ZERO, "m", null);
  }
}
