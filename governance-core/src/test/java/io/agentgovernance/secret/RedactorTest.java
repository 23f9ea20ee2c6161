// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.agentgovernance.payload.Payload;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
  private static final String SECRET = "p/w\"ö+ 4&x\\end\n7";

  private final Redactor redactor = Redactor.standard();

  @Test
  void aTextWithoutSecretsIsReturnedAsItIs() {
    register("s3cr3t-value");
    String text = "nothing to see here, not even s3cr3t-valu";

    assertThat(redactor.redact(text)).isSameAs(text);
  }

  @Test
  void aRegisteredValueIsTakenOutInWhateverFormItIsWritten() {
    register(SECRET);
    String basic = Base64.getEncoder().encodeToString(("user:" + SECRET).getBytes(UTF_8));
    List<String> forms = new ArrayList<>();
    forms.add(SECRET);
    forms.add(Payload.of(Map.of("key", SECRET)).json());
    forms.add(URLEncoder.encode(SECRET, UTF_8));
    forms.add(URLEncoder.encode(SECRET, UTF_8).replace("+", "%20"));
    forms.add(Base64.getEncoder().encodeToString(SECRET.getBytes(UTF_8)));
    forms.add(Base64.getUrlEncoder().encodeToString(("a:" + SECRET + "z").getBytes(UTF_8)));
    forms.add("Authorization: Basic " + basic);

    for (String form : forms) {
      String clean = redactor.redact("before " + form + " after");
      assertThat(clean).startsWith("before ").endsWith(" after").contains(Redactor.MASK);
      assertThat(clean.length()).as("%s in %s", clean, form).isLessThan(form.length() + 14);
    }
  }

  @Test
  void eachLineOfAKeyOfSeveralLinesIsTakenOut() {
    register("-----BEGIN X-----\nAAAABBBBCCCCDDDD1\nEEEEFFFFGGGGHHHH2\n-----END X-----");

    assertThat(redactor.redact("line AAAABBBBCCCCDDDD1, line EEEEFFFFGGGGHHHH2"))
        .isEqualTo("line [redacted], line [redacted]");
  }

  @Test
  void manyValuesAreFoundWhereverTheyStandAndHoweverTheyOverlap() {
    register("abcdefghij");
    register("ghijklmnop");
    register("abcdefgh");

    assertThat(redactor.redact("abcdefghij")).isEqualTo("[redacted]");
    assertThat(redactor.redact("<abcdefghijklmnop>")).isEqualTo("<[redacted]>");
    assertThat(redactor.redact("abcdefghZabcdefghij")).isEqualTo("[redacted]Z[redacted]");
  }

  @Test
  void shortValuesAreNotLookedForBecauseTheyStandEverywhere() {
    register("a");
    register("hunter2");

    assertThat(redactor.redact("a hunter2")).isEqualTo("a hunter2");
  }

  @Test
  void aValueIsForgottenWhenTheLastRegistrationIsClosed() {
    Redactor.Registration first = register("s3cr3t-value");
    Redactor.Registration second = register("s3cr3t-value");

    first.close();
    first.close();
    assertThat(redactor.redact("s3cr3t-value")).isEqualTo(Redactor.MASK);
    second.close();
    assertThat(redactor.redact("s3cr3t-value")).isEqualTo("s3cr3t-value");
  }

  @Test
  void noMoreValuesAreRegisteredThanFit() {
    KnownValues values = new KnownValues(2);
    Redactor.Registration first = values.register("11111111".toCharArray());
    Redactor.Registration unused = values.register("22222222".toCharArray());

    assertThatIllegalStateException()
        .isThrownBy(() -> values.register("33333333".toCharArray()))
        .withMessageContaining("more than 2 secrets");
    first.close();
    assertThat(values.register("33333333".toCharArray())).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-aaaaaaaaaaaaaaa1",
        "hvr.aaaaaaaaaaaa",
        "ghu_aaaaaaaaaaaaaaaaaaaa",
        "github_pat_aaaaaaaaaaaaaaaaaaaaaa",
        "xoxp-aaaaaaaaaa",
        "AKIAAAAAAAAAAAAAAAAA",
        "eyJaaaaaaaa.eyJaaaaaaaa.",
        "-----BEGIN PRIVATE KEY-----"
      })
  void theShortestKeyOfAShapeIsTakenOut(String key) {
    assertThat(redactor.redact(key)).isEqualTo(Redactor.MASK);
  }

  @Test
  void ofSomeShapesAPartIsTakenOutHoweverShortTheText() {
    assertThat(redactor.redact("://:x@")).isEqualTo("://:" + Redactor.MASK + "@");
    assertThat(redactor.redact("bEARER aaaaaaa1")).isEqualTo("bEARER " + Redactor.MASK);
    assertThat(redactor.redact("light ghosts: hv, hvs, gh_, ghp-")).doesNotContain(Redactor.MASK);
    assertThat(redactor.redact("high gh ghp_aaaaaaaaaaaaaaaaaaaa"))
        .isEqualTo("high gh " + Redactor.MASK);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-or-v1-0123456789abcdef0123456789abcdef",
        "sk-ant-api03-abcdefghij0123456789_-x",
        "hvs.CAESIJ1xkq0123456789abcdef",
        "hvb.AAAAAQJ0123456789abcdef",
        "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "github_pat_11ABCDEFG0123456789_abcdefghij",
        "xoxb-123456789012-abcdefABCDEF",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA0123\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA0123\\n-----END PRIVATE KEY-----"
      })
  void whatLooksLikeAWellKnownKeyIsTakenOut(String key) {
    assertThat(redactor.redact("the key " + key + " is wrong"))
        .isEqualTo("the key [redacted] is wrong");
    assertThat(redactor.redact("{\"key\":\"" + key + "\"}")).isEqualTo("{\"key\":\"[redacted]\"}");
  }

  @Test
  void whatIsSentInHeadersAndUrlsIsTakenOut() {
    assertThat(redactor.redact("Authorization: Bearer abc123DEF456\nHost: x"))
        .isEqualTo("Authorization: Bearer [redacted]\nHost: x");
    assertThat(redactor.redact("redis://user:hunter2@host:6379/0"))
        .isEqualTo("redis://user:[redacted]@host:6379/0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the bearer of good news",
        "Bearer authentication failed",
        "a task-oriented risk-assessment desk-research",
        "sk-learn is a library",
        "https://host:8080/a@b",
        "high hvac output, ghost",
        "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
        "eyJust some words. eyJ"
      })
  void whatOnlyLooksALittleLikeOneStays(String text) {
    assertThat(redactor.redact(text)).isSameAs(text);
  }

  @Test
  void aHostAddsShapesOfItsOwn() {
    Redactor more = redactor.with(Pattern.compile("IBAN (?<secret>[A-Z]{2}[0-9]{8,})"));
    register("s3cr3t-value");

    assertThat(more.redact("IBAN DE0212345678 s3cr3t-value"))
        .isEqualTo("IBAN [redacted] [redacted]");
  }

  @Test
  void noneTakesNothingOut() {
    Redactor none = Redactor.none();
    Redactor.Registration unused = none.register("s3cr3t-value".toCharArray());

    assertThat(none.redact("s3cr3t-value AKIAIOSFODNN7EXAMPLE"))
        .isEqualTo("s3cr3t-value AKIAIOSFODNN7EXAMPLE");
  }

  @Test
  void aLineCannotBeBrokenByWhatItQuotes() {
    assertThat(redactor.redactLine("a\r\n2026 INFO b\u0000\u2028c\td"))
        .isEqualTo("a\\r\\n2026 INFO b\\u0000\\u2028c\\td");
  }

  @Test
  void textsAreLeftAsTheyAreUnlessTheyHoldTheValue() {
    long seed = 20261120;
    Random random = new Random(seed);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String value =
          "v"
              + random
                  .ints(16, 'a', 'f')
                  .collect(
                      StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
      values.add(value);
      register(value);
    }
    for (int i = 0; i < 2_000; i++) {
      StringBuilder text = new StringBuilder();
      random.ints(200, 'a', 'f').forEach(text::appendCodePoint);
      boolean planted = random.nextBoolean();
      String value = values.get(random.nextInt(values.size()));
      String before = text.toString();
      if (planted) {
        text.insert(random.nextInt(text.length()), value);
      }
      String clean = redactor.redact(text.toString());
      assertThat(clean.contains(value)).as("seed %d, text %d", seed, i).isFalse();
      assertThat(clean.contains(Redactor.MASK)).isEqualTo(planted);
      if (planted) {
        assertThat(clean.replace(Redactor.MASK, "")).isEqualTo(before);
      }
    }
  }

  @Test
  void showsNothingOfWhatItLooksFor() {
    register("s3cr3t-value");

    assertThat(redactor.toString()).doesNotContain("s3cr3t");
  }

  private Redactor.Registration register(String value) {
    return redactor.register(value.toCharArray());
  }
}
