// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.agentgovernance.model.ModelException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a server sends, it comes to a reply or to a typed exception. */
class DecoderFuzzTest {
  private static final int INPUTS = 100_000;
  private static final List<ContractCase> CASES =
      ContractCase.all().stream().filter(c -> c.body().length < 3_000).toList();
  private static final String[] TOKENS = {
    "data:",
    "data: ",
    "\n\n",
    "\r\n\r\n",
    "\r",
    ": x\n",
    "[DONE]",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "null",
    "\"choices\":",
    "\"error\":",
    "\"usage\":",
    "\"delta\":",
    "\"index\":-1",
    "\"index\":1e400",
    "\"code\":\"x\"",
    "\"code\":1e99",
    "\"metadata\":7",
    "\"availability\":[]",
    "\\ud800",
    "\"tool_calls\":[{}]",
    "\"reasoning_details\":[{\"type\":null}]",
    "\"content\":[[]]",
    "\\u0000",
    "1e999999999",
    "-0",
    "\u65e5",
    "\"finish_reason\":{}",
    "event: error\n",
    "\"retry_after\":-1e9",
    "\"http_status\":\"404\"",
    "\"message\":[]",
    "\"raw\":\"{\"",
  };

  @Test
  void hundredThousandInputsThrowNothingElse() {
    long seed = System.nanoTime();
    System.out.println("DecoderFuzzTest seed " + seed);
    Random random = new Random(seed);
    int replies = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] input = input(random);
      int status = random.nextInt(3) == 0 ? 300 + random.nextInt(300) : 200;
      int cut = random.nextInt(input.length + 1);
      try {
        assertThat(InMemory.read(status, input, cut)).isNotNull();
        replies++;
      } catch (ModelException e) {
        assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(1_000);
      } catch (Throwable e) {
        throw new AssertionError(
            "seed " + seed + ", input " + i + ": " + new String(input, UTF_8), e);
      }
    }
    assertThat(replies).as("inputs that are still replies").isBetween(1, INPUTS - 1);
  }

  private static byte[] input(Random random) {
    byte[] bytes = CASES.get(random.nextInt(CASES.size())).body().clone();
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      bytes = changed(bytes, random);
    }
    return bytes;
  }

  private static byte[] changed(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length + 1);
    switch (random.nextInt(5)) {
      case 0 -> {
        if (at < bytes.length) {
          bytes[at] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
      }
      case 1 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 2 -> {
        return with(bytes, at, TOKENS[random.nextInt(TOKENS.length)].getBytes(UTF_8));
      }
      case 3 -> {
        int from = random.nextInt(bytes.length + 1);
        byte[] piece = Arrays.copyOfRange(bytes, Math.min(from, at), Math.max(from, at));
        return bytes.length > 6_000 ? bytes : with(bytes, at, piece);
      }
      default -> {
        byte[] noise = new byte[random.nextInt(8)];
        random.nextBytes(noise);
        return with(bytes, at, noise);
      }
    }
  }

  private static byte[] with(byte[] bytes, int at, byte[] piece) {
    byte[] out = Arrays.copyOf(bytes, bytes.length + piece.length);
    System.arraycopy(bytes, at, out, at + piece.length, bytes.length - at);
    System.arraycopy(piece, 0, out, at, piece.length);
    return out;
  }

  @Test
  void anEndlessLineIsGivenUp() {
    byte[] line = new byte[Limits.LINE_BYTES + 2];
    Arrays.fill(line, (byte) 'x');

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> InMemory.read(200, line))
        .withMessageContaining("a line of more than");
  }

  @Test
  void anEndlessEventIsGivenUp() {
    byte[] piece = ("data: " + "x".repeat(1000) + "\n").getBytes(UTF_8);
    byte[] event = new byte[piece.length * (Limits.EVENT_BYTES / 1000 + 2)];
    for (int i = 0; i < event.length; i += piece.length) {
      System.arraycopy(piece, 0, event, i, piece.length);
    }

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> InMemory.read(200, event))
        .withMessageContaining("an event of more than");
  }

  @Test
  void anEndlessStreamIsGivenUp() {
    byte[] comments = ": still working\n".repeat(Limits.REPLY_BYTES / 16 + 1).getBytes(UTF_8);

    assertThatExceptionOfType(ModelException.class)
        .isThrownBy(() -> InMemory.read(200, comments))
        .withMessageContaining("a stream of more than");
  }
}
