// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.StageType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {
  @Schema.Doc("how risky a customer is")
  record Risk(
      @Schema.Doc("between 0 and 1") double score,
      List<Reason> reasons,
      @Nullable StageType stage,
      Optional<Instant> since,
      Map<String, Long> counts,
      @Nullable Object free) {}

  record Reason(String text, boolean grave) {}

  record Times(Duration within, Payload any) {}

  @Test
  void aRecordIsDescribedInTheOrderOfItsComponents() {
    assertThat(Schema.of(Risk.class).json())
        .isEqualTo(
            "{\"type\":\"object\",\"description\":\"how risky a customer is\",\"properties\":{"
                + "\"score\":{\"type\":\"number\",\"description\":\"between 0 and 1\"},"
                + "\"reasons\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
                + "\"text\":{\"type\":\"string\"},\"grave\":{\"type\":\"boolean\"}},"
                + "\"required\":[\"text\",\"grave\"]}},"
                + "\"stage\":{\"type\":[\"string\",\"null\"],"
                + "\"enum\":[\"agent\",\"gate\",\"parallel\",\"condition\",null]},"
                + "\"since\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"
                + "\"counts\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"integer\"}},"
                + "\"free\":{}},\"required\":[\"score\",\"reasons\",\"counts\"]}");
    assertThat(Schema.of(Risk.class).name()).isEqualTo("Risk");
    assertThat(Schema.of(Times.class).json()).contains("\"format\":\"duration\"", "\"any\":{}");
  }

  @Test
  void aFittingValueHasNoProblems() {
    var risk = new Risk(0.4, List.of(new Reason("r", true)), null, Optional.empty(), Map.of(), 1);

    assertThat(Schema.of(Risk.class).problems(Payload.of(risk))).isEmpty();
    assertThat(
            Schema.of(Risk.class)
                .problems(
                    Payload.json(
                        "{\"score\":1,\"reasons\":[],\"counts\":{},\"stage\":null,\"more\":1}")))
        .isEmpty();
  }

  @Test
  void problemsNamePlaceFoundAndExpectedWithoutContent() {
    var value =
        Payload.json(
            "{\"score\":\"s3cr3t\",\"reasons\":[{\"text\":1}],\"stage\":\"s3cr3t\","
                + "\"counts\":{\"a/b\":1.5}}");

    assertThat(Schema.of(Risk.class).problems(value))
        .containsExactlyInAnyOrder(
            "at /score: found a text, expected number",
            "at /reasons/0/grave: found nothing, expected a value, which is required",
            "at /reasons/0/text: found a number, expected string",
            "at /stage: found another value, expected one of \"agent\", \"gate\", \"parallel\","
                + " \"condition\", null",
            "at /counts/a~1b: found a number with a fraction, expected integer");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}                                          | 1         | 0",
        "{\"type\":\"integer\"}                      | 1.0       | 0",
        "{\"type\":\"integer\"}                      | 1.5       | 1",
        "{\"type\":\"integer\"}                      | 1e30      | 0",
        "{\"type\":\"number\"}                       | 1e30      | 0",
        "{\"type\":[\"string\",\"null\"]}            | null      | 0",
        "{\"type\":\"null\"}                         | 0         | 1",
        "{\"minimum\":1}                             | 1         | 0",
        "{\"minimum\":1}                             | 0.9       | 1",
        "{\"maximum\":1}                             | 1.1       | 1",
        "{\"exclusiveMinimum\":1}                    | 1         | 1",
        "{\"exclusiveMaximum\":1}                    | 1         | 1",
        "{\"exclusiveMaximum\":1}                    | 0.99      | 0",
        "{\"minItems\":1}                            | []        | 1",
        "{\"maxItems\":1}                            | [1,2]     | 1",
        "{\"minLength\":2}                           | \"😀\"     | 1",
        "{\"maxLength\":1}                           | \"😀\"     | 0",
        "{\"enum\":[1,\"a\"]}                        | 1.0       | 0",
        "{\"enum\":[1,\"a\"]}                        | \"b\"     | 1",
        "{\"const\":{\"a\":1}}                       | {\"a\":1} | 0",
        "{\"const\":null}                            | 1         | 1",
        "{\"required\":[\"a\",\"b\"]}                | {\"a\":1} | 1",
        "{\"additionalProperties\":false}            | {\"a\":1} | 1",
        "{\"additionalProperties\":{\"type\":\"string\"}} | {\"a\":1} | 1",
        "{\"properties\":{\"a\":{\"type\":\"string\"}},\"additionalProperties\":false} | {\"a\":1} | 1",
        "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":2}]} | 1 | 1",
        "{\"anyOf\":[{\"type\":\"string\"},{\"minimum\":2}]} | 2 | 0",
        "{\"allOf\":[{\"minimum\":2},{\"maximum\":0}]}       | 1 | 2",
        "{\"items\":{\"type\":\"integer\"}}          | [1,true,null] | 2",
        "{\"format\":\"email\"}                      | 1         | 0"
      })
  void keywordsAreChecked(String schema, String value, int problems) {
    assertThat(Schema.parse(schema).problems(Payload.json(value))).hasSize(problems);
  }

  @Test
  void problemsAreLimited() {
    var schema = Schema.parse("{\"items\":{\"type\":\"integer\"}}");

    assertThat(schema.problems(Payload.of(Map.of().values()))).isEmpty();
    assertThat(schema.problems(Payload.of(java.util.Collections.nCopies(99, "x")))).hasSize(50);
  }

  @Test
  void aParsedSchemaKeepsItsOrderUnknownKeywordsAndTitle() {
    var json = "{\"title\":\"My risk!\",\"type\":\"object\",\"$comment\":\"c\",\"a\":[1.0]}";

    assertThat(Schema.parse(json).json()).isEqualTo(json.replace("1.0", "1"));
    assertThat(Schema.parse(json).name()).isEqualTo("My_risk_");
    assertThat(Schema.parse("{}").name()).isEqualTo("value");
    assertThat(Schema.parse(json)).isEqualTo(Schema.parse(json)).hasToString("Schema[My_risk_]");
  }

  @Test
  void simpleTypesHaveSchemasToo() {
    assertThat(Schema.of(String.class).json()).isEqualTo("{\"type\":\"string\"}");
    assertThat(Schema.of(int.class).json()).isEqualTo("{\"type\":\"integer\"}");
    assertThat(Schema.of(List.class).json()).isEqualTo("{\"type\":\"array\",\"items\":{}}");
  }
}
