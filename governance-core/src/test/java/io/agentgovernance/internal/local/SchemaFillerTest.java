// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaFillerTest {
  private static final Corpus CORPUS =
      new Corpus(
          List.of(
              new Source("objective", "Assess the credit risk of Fjord Shipping AS"),
              new Source("a.md", "Exposure must not exceed 4 million. Payments were late twice.")));

  @Test
  void fillsARecordWithWordsOfTheSources() {
    Payload value = fill(Schema.of(Memo.class));

    var memo = value.read(Memo.class);
    assertThat(memo.title()).isEqualTo("credit risk");
    assertThat(memo.text()).startsWith("local stand-in: ");
    assertThat(memo.level()).isEqualTo(Level.LOW);
    assertThat(memo.urgent()).isFalse();
    assertThat(memo.score()).isZero();
    assertThat(memo.lines()).hasSize(1);
    assertThat(memo.lines().get(0).text()).startsWith("local stand-in: ").isNotEqualTo(memo.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":\"string\"}",
        "{\"type\":\"string\",\"minLength\":500}",
        "{\"type\":\"string\",\"maxLength\":3}",
        "{\"type\":\"string\",\"maxLength\":0}",
        "{\"type\":\"string\",\"minLength\":7,\"maxLength\":7}",
        "{\"type\":\"integer\",\"minimum\":3}",
        "{\"type\":\"integer\",\"maximum\":-3}",
        "{\"type\":\"integer\",\"minimum\":2.5}",
        "{\"type\":\"integer\",\"exclusiveMinimum\":3,\"maximum\":4}",
        "{\"type\":\"integer\",\"exclusiveMaximum\":0}",
        "{\"type\":\"number\",\"minimum\":0.25,\"maximum\":0.5}",
        "{\"type\":\"number\",\"exclusiveMinimum\":0,\"exclusiveMaximum\":0.0000001}",
        "{\"type\":\"number\",\"exclusiveMinimum\":0}",
        "{\"type\":\"number\",\"exclusiveMaximum\":-1.5}",
        "{\"type\":\"boolean\"}",
        "{\"type\":\"null\"}",
        "{\"type\":[\"null\",\"string\"]}",
        "{\"type\":\"array\"}",
        "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":4}",
        "{\"type\":\"array\",\"maxItems\":0}",
        "{\"enum\":[\"b\",\"a\"]}",
        "{\"type\":\"string\",\"enum\":[\"b\",\"a\"]}",
        "{\"const\":{\"x\":[1,null]}}",
        "{\"anyOf\":[{\"type\":\"integer\",\"minimum\":9},{\"type\":\"null\"}]}",
        "{\"allOf\":[{\"type\":\"object\",\"required\":[\"a\"]},{\"required\":[\"b\"]},"
            + "{\"properties\":{\"a\":{\"type\":\"integer\"}}}]}",
        "{\"type\":\"object\",\"required\":[\"free\"]}",
        "{\"properties\":{\"a\":{\"type\":\"string\"}},\"additionalProperties\":false}",
        "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"},\"required\":[\"n\"]}"
      })
  void meetsEverySchema(String json) {
    Schema schema = Schema.parse(json);

    Payload value = fill(schema);

    assertThat(schema.problems(value)).as(value.json()).isEmpty();
    assertThat(fill(schema)).isEqualTo(value);
  }

  @Test
  void meetsTheSchemaOfEveryKindOfComponent() {
    Schema schema = Schema.of(Everything.class);

    Payload value = fill(schema);

    assertThat(schema.problems(value)).isEmpty();
    assertThat(value.read(Everything.class).at()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void hasSomethingToSayEvenOfSourcesWithoutWords() {
    var corpus = new Corpus(List.of(new Source("objective", "🙂")));

    assertThat(new SchemaFiller(corpus).fill(Schema.of(Memo.class)).read(Memo.class).title())
        .isNotBlank();
  }

  private static Payload fill(Schema schema) {
    return new SchemaFiller(CORPUS).fill(schema);
  }

  enum Level {
    LOW,
    HIGH
  }

  record Line(String text) {}

  record Memo(
      String title, String text, Level level, boolean urgent, int score, List<Line> lines) {}

  record Everything(
      long count,
      double share,
      BigDecimal amount,
      Instant at,
      java.util.UUID id,
      Optional<String> note,
      Map<String, Integer> byName,
      List<List<String>> nested,
      Level level) {}
}
