// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.testkit.ModelServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples with a model behind HTTP, against a server of the test kit. */
@Timeout(60)
class ModelExamplesTest {

  private static String printed(Printed.Program example, String... args) throws Exception {
    return Printed.by(none -> example.run(args));
  }

  @Test
  void fallbackModelsGoOnWithTheSecondModel() throws Exception {
    try (ModelServer server = ModelServer.start(ModelServer.Manners.PLAIN)) {
      assertThat(printed(FallbackModels::main, server.url(), "up"))
          .isEqualToNormalizingNewlines(
              """
              the route 'down' is OPEN
              COMPLETED: answered
              errors charged to the writer: 0
              """);
      assertThat(server.requests()).isEqualTo(2);
    }
  }

  @Test
  void streamingTokensShowsThemAsTheyCome() throws Exception {
    try (ModelServer server = ModelServer.start(ModelServer.Manners.PLAIN)) {
      String printed = printed(StreamingTokens::main, server.url(), "poet");

      assertThat(printed).contains("COMPLETED, ").contains(" tokens");
      assertThat(printed.chars().filter(c -> c == '|').count()).isGreaterThan(3);
    }
  }

  @Test
  void localServerCompletesWithAModelOfBadManners() throws Exception {
    try (ModelServer server = ModelServer.start(ModelServer.Manners.MESSY)) {
      assertThat(printed(LocalServer::main, server.url(), "llama")).startsWith("COMPLETED\n");
      assertThat(server.requests()).isPositive();
    }
  }

  @Test
  void localServerSaysHowToStartOne() throws Exception {
    assertThat(printed(LocalServer::main, "http://127.0.0.1:9/v1", "llama3.2"))
        .contains("start a server (ollama run llama3.2)", "--mode local");
  }

  @Test
  void withoutAKeyTheySayInOneLineHowToGetOneAndHowToDoWithout() throws Exception {
    Assumptions.assumeTrue(System.getenv("OPENROUTER_API_KEY") == null);
    for (Printed.Program example :
        new Printed.Program[] {FallbackModels::main, StreamingTokens::main}) {
      assertThat(printed(example))
          .hasLineCount(1)
          .contains("https://openrouter.ai/settings/keys", "--mode local");
    }
  }
}
