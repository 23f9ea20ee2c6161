// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.internal.roles.Citation;
import io.agentgovernance.internal.roles.Evaluation;
import io.agentgovernance.internal.roles.ProposalDraft;
import io.agentgovernance.internal.roles.Research;
import io.agentgovernance.internal.roles.Solution;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two hundred generated objectives and document sets; a failure names its seed. */
class VerbatimCitationsTest {
  private static final String[] WORDS = {
    "cache",
    "must",
    "latency",
    "40 ms",
    "never",
    "price",
    "Ångström",
    "データ",
    "🙂",
    "e.g.",
    "the",
    "of",
    "99.9%",
    "$300",
    "a-b/c",
    "\"quoted\"",
    "</data>",
    "{json}",
    "\\",
    "Überprüfung",
    "10k",
    "reads/s",
    "should",
    "only",
    "—",
    "naïve",
    "x",
    "1.",
    "I",
    "Dr."
  };
  private static final String[] JOINS = {
    " ", " ", " ", " ", ". ", "! ", "? ", ", ", "\n", "\r\n", "\n\n", "\n- ", "\n# ", "\t", "。", ""
  };

  static Stream<Long> seeds() {
    return Stream.iterate(20260101L, seed -> seed + 1).limit(200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void citeTwoPassagesThatAreReallyThere(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Map<String, String> sources = new HashMap<>();
    sources.put("objective", text(random, 1 + random.nextInt(12)));
    Prompt prompt = Prompt.user("Go on").data("objective", sources.get("objective"));
    int documents = random.nextInt(4);
    for (int i = 0; i < documents; i++) {
      String text = text(random, random.nextInt(300));
      sources.put("d" + i + ".md", text);
      prompt = prompt.document("d" + i + ".md", text);
    }

    ProposalDraft proposal = ask(prompt, Research.class).proposal();
    Evaluation vote = ask(prompt.data("proposal", proposal), Evaluation.class);
    Solution solution = ask(prompt.data("proposal", proposal), Solution.class);

    assertVerbatim("seed " + seed, proposal.citations(), sources);
    assertVerbatim("seed " + seed, solution.citations(), sources);
    assertThat(vote.verdict())
        .as("seed " + seed + ": " + vote.reason())
        .isEqualTo(Evaluation.ACCEPT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "Hi", "🙂", "?", "a b", "the", " . ", "데이터", "10%", "\u0000", "]"})
  void doSoForTheShortestObjectivesToo(String objective) {
    Prompt prompt = Prompt.user("Go on").data("objective", objective);

    ProposalDraft proposal = ask(prompt, Research.class).proposal();

    assertVerbatim(objective, proposal.citations(), Map.of("objective", objective));
  }

  private static void assertVerbatim(
      String what, List<Citation> citations, Map<String, String> sources) {
    assertThat(citations).as(what).hasSizeGreaterThanOrEqualTo(2);
    assertThat(citations)
        .as(what)
        .allSatisfy(
            one -> {
              assertThat(one.quote()).isNotEmpty();
              assertThat(sources.get(one.source())).contains(one.quote());
            });
  }

  private static String text(RandomGenerator random, int words) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(JOINS[random.nextInt(JOINS.length)]);
    }
    return text.toString();
  }

  private static <T> T ask(Prompt prompt, Class<T> type) {
    try {
      var request = prompt.reply(type).toRequest("x", List.of());
      return Payload.json(new LocalChatModel("local").chat(request, new TestExchange()).text())
          .read(type);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
