// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the bytes are split must not matter. */
class SplitEverywhereTest {
  private static final int LARGE = 4_000;

  static List<ContractCase> cases() {
    return ContractCase.all().stream().filter(ContractCase::isReply).toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void atEveryByteItComesToTheSame(ContractCase c) throws Exception {
    int step = c.body().length > LARGE ? 97 : 1;
    for (int at = 1; at < c.body().length; at += step) {
      check(c, at);
    }
    check(c, IntStream.range(1, c.body().length).toArray());
  }

  private static void check(ContractCase c, int... ends) throws Exception {
    List<String> deltas = new ArrayList<>();
    ChatReply reply;
    try {
      reply = InMemory.read(c, deltas, ends);
    } catch (ModelException e) {
      Judge.check(c, e);
      return;
    }
    Judge.check(c, reply, deltas);
  }

  /** The control: a reader of whole pieces sees events cut in two. */
  @Test
  void readingPieceByPieceWithoutMemoryDoesNot() {
    ContractCase c =
        cases().stream().filter(one -> one.name().endsWith("stream/plain.case")).findFirst().get();
    List<String> whole = new ArrayList<>();
    List<String> cut = new ArrayList<>();

    forgetful(c.body(), c.body().length, whole);
    forgetful(c.body(), new String(c.body(), UTF_8).indexOf("llo"), cut);

    assertThat(cut).isNotEqualTo(whole);
  }

  private static void forgetful(byte[] body, int at, List<String> events) {
    for (int[] piece : new int[][] {{0, at}, {at, body.length}}) {
      SseDecoder decoder =
          new SseDecoder((data, length) -> events.add(new String(data, 0, length, UTF_8)));
      decoder.feed(body, piece[0], piece[1] - piece[0]);
      decoder.end();
    }
  }
}
