// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.RunId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorSignatureTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "no reply within 30s                   | no reply within 1200ms",
        "attempt-3 failed                      | attempt-14 failed",
        "expected version 7 but found 9        | expected version 70 but found 1,024.5",
        "key \"draft\" missing                 | key \"a \\\"b\\\" c\" missing",
        "key 'draft' missing                   | key 'it's' missing",
        "key `x` missing                       | key `a long one` missing",
        "run 01jd0000000000000000000000 gone   | run 01jd9z8y7x6w5v4t3s2r1q0pzz gone",
        "object deadbeefcafe lost              | object 00ff00ff11ee lost",
        "id 123e4567-e89b-12d3-a456-426614174000 | id ffffffff-ffff-ffff-ffff-ffffffffffff",
        "Too   Many\tRequests                  | too many requests",
        "values 1 2 3                          | values 4 5 6 7 8",
      })
  void whatVariesBetweenTwoOccurrencesIsMasked(String one, String other) {
    assertThat(signature(one)).isEqualTo(signature(other));
  }

  @Test
  void classOperationAndWordsTellErrorsApart() {
    String base = ErrorSignature.of(new IllegalStateException("no reply"), "model");

    assertThat(base).isEqualTo("java.lang.illegalstateexception model no reply");
    assertThat(ErrorSignature.of(new IllegalArgumentException("no reply"), "model"))
        .isNotEqualTo(base);
    assertThat(ErrorSignature.of(new IllegalStateException("no reply"), "tool:x"))
        .isNotEqualTo(base);
    assertThat(ErrorSignature.of(new IllegalStateException("no route"), "model"))
        .isNotEqualTo(base);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prompt was \"SECRET\"",
        "prompt was 'SECRET'",
        "prompt was \u201cSECRET\u201d",
        "prompt was \u00abSECRET\u00bb",
        "prompt was \"never closed SECRET",
        "can't parse 'SECRET'",
        "{\"prompt\":\"SECRET\"}",
        "key sk-or-v1-SECRET0123456789",
        "token SECRETSECRETSECRETSECRETSECRETSECRETSECRET",
      })
  void quotedTextAndKeysAreGone(String message) {
    assertThat(signature(message)).doesNotContainIgnoringCase("secret");
  }

  @Test
  void anApostropheInAWordQuotesNothing() {
    assertThat(signature("can't reach host, isn't there"))
        .endsWith("can't reach host, isn't there");
  }

  @Test
  void itIsShortWhateverTheMessage() {
    for (String message :
        List.of("x ".repeat(100_000), "\"".repeat(9_999), "\\".repeat(9_999), "9".repeat(9_999))) {
      assertThat(signature(message)).hasSizeLessThanOrEqualTo(ErrorSignature.MAX_LENGTH);
    }
    assertThat(ErrorSignature.of(new IllegalStateException("same"), "o".repeat(500)))
        .hasSizeLessThanOrEqualTo(ErrorSignature.MAX_LENGTH);
  }

  @Test
  void aMissingOrBrokenMessageIsNoProblem() {
    assertThat(ErrorSignature.of(new IllegalStateException(), "model"))
        .isEqualTo("java.lang.illegalstateexception model");
    var broken =
        new IllegalStateException() {
          @Override
          public String getMessage() {
            throw new UnsupportedOperationException();
          }
        };
    assertThat(ErrorSignature.of(broken, "model")).contains("model");
  }

  @Test
  void randomIdsDoNotTellErrorsApart() {
    String first = signature("run " + RunId.random() + " lost " + UUID.randomUUID());
    for (int i = 0; i < 1_000; i++) {
      assertThat(signature("run " + RunId.random() + " lost " + UUID.randomUUID()))
          .isEqualTo(first);
    }
  }

  private static String signature(String message) {
    return ErrorSignature.of(new IllegalStateException(message), "tool:x");
  }
}
