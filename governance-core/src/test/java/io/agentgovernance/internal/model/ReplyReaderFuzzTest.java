// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.internal.model.Reading.Unusable;
import io.agentgovernance.internal.model.Reading.Usable;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.Part;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/** Twenty thousand replies of garbage, of mutilated JSON and of both; a failure names its seed. */
class ReplyReaderFuzzTest {
  private static final int INPUTS = 20_000;
  private static final long FIRST_SEED = 20260101L;
  private static final Schema SCHEMA = Schema.of(Verdict.class);
  private static final String GOOD =
      "{\"verdict\":\"accept\",\"score\":7,\"why\":[{\"text\":\"Å 🙂 \\\"x\\\"\"}]}";
  private static final List<FinishReason> FINISHES = List.of(FinishReason.values());
  private static final String[] TOKENS = {
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    ":",
    ",",
    "```",
    "```json\n",
    "\n",
    "\r",
    "<think>",
    "</think>",
    "null",
    "true",
    "-",
    "1e999",
    "NaN",
    "0x",
    "\uFEFF",
    "\uD83D",
    "\uDE42",
    "\0",
    "\\u12",
    "\\uD800",
    "{\"verdict\":",
    "\"score\":7",
    "/*",
    "//",
    "accept",
    "\u2028",
    GOOD
  };

  record Why(String text) {}

  record Verdict(String verdict, int score, List<Why> why) {}

  @Test
  void nothingAReplyHoldsMakesTheReaderThrow() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + INPUTS; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      FinishReason finish = FINISHES.get(random.nextInt(FINISHES.size()));
      String text = random.nextBoolean() ? garbage(random) : mutilated(random);

      Reading reading;
      try {
        reading = ReplyReader.read(reply(text, finish), SCHEMA);
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed, e);
      }

      check(reading, seed);
    }
  }

  @Test
  void aGoodValueIsFoundInsideAnyGarbageWithoutBracketsAndQuotes() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + 2_000; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      String text = harmless(random) + GOOD + harmless(random);

      assertThat(ReplyReader.read(reply(text, FinishReason.STOP), SCHEMA))
          .as("seed " + seed)
          .isEqualTo(new Usable(Payload.json(GOOD)));
    }
  }

  private static void check(Reading reading, long seed) {
    if (reading instanceof Usable usable) {
      assertThat(SCHEMA.problems(usable.value())).as("seed " + seed).isEmpty();
    } else if (reading instanceof Unusable unusable) {
      assertThat(unusable.problems()).as("seed " + seed).isNotEmpty();
    }
  }

  private static String garbage(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(60);
    for (int i = 0; i < length; i++) {
      if (random.nextInt(4) == 0) {
        text.append((char) random.nextInt(0x10000));
      } else {
        text.append(TOKENS[random.nextInt(TOKENS.length)]);
      }
    }
    return text.toString();
  }

  private static String mutilated(RandomGenerator random) {
    StringBuilder text = new StringBuilder(GOOD);
    int wounds = random.nextInt(4);
    for (int i = 0; i < wounds && text.length() > 0; i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
        case 2 -> text.setCharAt(at, (char) random.nextInt(0x100));
        default -> text.setLength(at);
      }
    }
    return text.toString();
  }

  private static String harmless(RandomGenerator random) {
    String letters = "abc XYZ.,:;!?()<>*#-\n\t`'åß日🙂";
    return letters
        .codePoints()
        .filter(codePoint -> random.nextInt(3) == 0)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static ChatReply reply(String text, FinishReason finish) {
    return new ChatReply(List.of(new Part.Text(text)), finish, Usage.ZERO, "m", null);
  }
}
