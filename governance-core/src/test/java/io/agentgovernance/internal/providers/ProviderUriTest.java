// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.agentgovernance.BadInputException;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderUriTest {
  /** Stands for a password; with none of the characters around it in any message. */
  private static final String SECRET = "s3cr3t";

  private static final String A_URI = "'<scheme>:<rest>'";
  private static final String A_SCHEME = "a scheme of at most 32 characters";
  private static final String NO_SPACE = "no white space";
  private static final String BY_REFERENCE = "a password by reference only";
  private static final String A_REFERENCE = "'vault:<path>', 'env:<NAME>' or 'file:<path>'";

  static Stream<Arguments> malformed() {
    return Stream.of(
        arguments(null, "null", A_URI, "pass an instance"),
        arguments("", "an empty text", A_URI, "Name what to open"),
        arguments("  \t", "only white space", A_URI, "Name what to open"),
        arguments("redis", "'redis' without a colon", A_URI, "Write 'redis:'"),
        arguments("memory", "'memory' without a colon", A_URI, "Write 'memory:'"),
        arguments(SECRET, "6 characters without a colon", A_URI, "Write the scheme first"),
        arguments("anthropic/claude", "16 characters without", A_URI, "'openrouter:<vendor>"),
        arguments(":", "nothing before the colon", A_SCHEME, "'memory:'"),
        arguments("://" + SECRET, "nothing before the colon", A_SCHEME, "'memory:'"),
        arguments("Redis://h", "'Redis' with upper-case", A_SCHEME, "lower case"),
        arguments("REDISS://h", "'REDISS' with upper-case", A_SCHEME, "lower case"),
        arguments("S3CR3T:x", "a scheme with upper-case", A_SCHEME, "lower case"),
        arguments("1redis://h", "not begin with a letter", A_SCHEME, "scheme first"),
        arguments("-redis://h", "not begin with a letter", A_SCHEME, "scheme first"),
        arguments("re_dis://h", "U+005F at position 3", A_SCHEME, "scheme first"),
        arguments("rédis://h", "U+00E9 at position 2", A_SCHEME, "scheme first"),
        arguments("//redis:6379", "U+002F at position 1", A_SCHEME, "scheme first"),
        arguments("s".repeat(33) + ":x", "33 characters before", A_SCHEME, "scheme first"),
        arguments("x:" + "y".repeat(2_047), "2049 characters", "at most 2048", "Shorten"),
        arguments("C:\\data\\l.db", "a Windows path", A_URI, "'sqlite:' before the path"),
        arguments("c:/data/l.db", "a Windows path", A_URI, "'sqlite:' before the path"));
  }

  static Stream<Arguments> invisible() {
    return Stream.of(
        arguments(" memory:", "white space (U+0020) at position 1", NO_SPACE, "Remove it"),
        arguments("memory: ", "white space (U+0020) at position 8", NO_SPACE, "Remove it"),
        arguments("memory :", "white space (U+0020) at position 7", NO_SPACE, "Remove it"),
        arguments("sqlite: /a", "white space (U+0020) at position 8", NO_SPACE, "Remove it"),
        arguments("sqlite:/a ", "white space (U+0020) at position 10", NO_SPACE, "Remove it"),
        arguments("redis://a b", "white space (U+0020) at position 10", NO_SPACE, "Remove it"),
        arguments("sqlite:a?b= c", "white space (U+0020) at position 12", NO_SPACE, "Remove it"),
        arguments("sqlite:a\tb", "white space (U+0009) at position 9", NO_SPACE, "Remove it"),
        arguments("memory:\n", "white space (U+000A) at position 8", NO_SPACE, "Remove it"),
        arguments("local:a\u00a0b", "white space (U+00A0) at position 8", NO_SPACE, "Remove it"),
        arguments("local:a\u2028b", "white space (U+2028) at position 8", NO_SPACE, "Remove it"),
        arguments("local:a\u0000b", "character (U+0000) at position 8", NO_SPACE, "Remove it"),
        arguments("local:a\u007f", "character (U+007F) at position 8", NO_SPACE, "Remove it"),
        arguments("local:\u200b", "character (U+200B) at position 7", NO_SPACE, "Remove it"),
        arguments("local:\u202e", "character (U+202E) at position 7", NO_SPACE, "Remove it"),
        arguments("\ufeffmemory:", "character (U+FEFF) at position 1", NO_SPACE, "Remove it"),
        arguments("local:\ud83d", "character (U+D83D) at position 7", NO_SPACE, "Remove it"));
  }

  static Stream<Arguments> beforeTheAtSign() {
    return Stream.of(
            "redis://user:s3cr3t@host",
            "redis://:s3cr3t@host:6379/0",
            "redis://s3cr3t@host",
            "redis://user:@host",
            "rediss://user:s3c/r3t/s3cr3t@host",
            "rediss://user:s3c?s3cr3t@host",
            "rediss://user:s3c#s3cr3t@host",
            "redis://s3cr3t/x@host",
            "redis://user:6379/s3cr3t@host",
            "redis://user:p@s3cr3t@host",
            "redis://user:vault:s3cr3t@host",
            "redis://a:1,user:s3cr3t@b:2",
            "redis:user:s3cr3t@host",
            "openrouter:https://user:s3cr3t@proxy/model")
        .map(uri -> arguments(uri, "before '@'", BY_REFERENCE, "an '@' in a path is '%40'"));
  }

  static Stream<Arguments> plainSecrets() {
    return Stream.of(
        plain("redis://h?password=s3cr3t", "a plain value for 'password'"),
        plain("redis://h?Password=s3cr3t", "a plain value for 'Password'"),
        plain("redis://h?db=1&password=s3cr3t", "a plain value for 'password'"),
        plain("redis://h?db=1;password=s3cr3t", "a plain value for 'password'"),
        plain("redis://h#password=s3cr3t", "a plain value for 'password'"),
        plain("redis://h?a=b?password=s3cr3t", "a plain value for 'password'"),
        plain("redis:password=s3cr3t", "a plain value for 'password'"),
        plain("redis://h?%70assword=s3cr3t", "a plain value for a secret parameter"),
        plain("redis://h?key-store-password=s3cr3t", "a plain value for 'key-store-password'"),
        plain("redis://h?password2=s3cr3t", "a plain value for 'password2'"),
        plain("redis://h?password=vault:a&password=s3cr3t", "a plain value for 'password'"),
        plain("redis://h?pass=s3cr3t", "a plain value for 'pass'"),
        plain("redis://h?pwd=s3cr3t", "a plain value for 'pwd'"),
        plain("redis://h?auth=s3cr3t", "a plain value for 'auth'"),
        plain("openrouter:v/m?token=s3cr3t", "a plain value for 'token'"),
        plain("openrouter:v/m?access_token=s3cr3t", "a plain value for 'access_token'"),
        plain("openrouter:v/m?api_key=s3cr3t", "a plain value for 'api_key'"),
        plain("openrouter:v/m?apiKey=s3cr3t", "a plain value for 'apiKey'"),
        plain("openrouter:v/m?key=s3cr3t", "a plain value for 'key'"),
        plain("sqlite:l.db?client.secret=s3cr3t", "a plain value for 'client.secret'"),
        plain("redis://h?password=hunter:s3cr3t", "a plain value for 'password'"),
        plain("redis://h?password=VAULT:s3cr3t", "a plain value for 'password'"),
        plain("redis://h?password=", "nothing for 'password'"),
        plain("redis://h?password=vault:", "no usable reference for 'password'"),
        plain("redis://h?password=env:s3cr3t-x", "no usable reference for 'password'"),
        plain("redis://h?password=env:", "no usable reference for 'password'"),
        plain("redis://h?password=file:/", "no usable reference for 'password'"),
        plain("redis://h?password=vault:hvs.s3cr3ts3cr3t", "no usable reference for 'password'"),
        arguments("openrouter:sk-or-v1-s3cr3t99999", "looks like a key", "the name", "Revoke"),
        arguments("sk-or-v1-s3cr3t99999:free", "looks like a key", "the name", "Revoke"));
  }

  private static Arguments plain(String uri, String found) {
    return arguments(uri, found, A_REFERENCE, "Store it in Vault");
  }

  @ParameterizedTest(name = "{index} found {1}")
  @MethodSource({"malformed", "invisible", "beforeTheAtSign", "plainSecrets"})
  void badInputIsAnsweredInFourPartsWithoutSecrets(
      String uri, String found, String expected, String advice) {
    var problem =
        catchThrowableOfType(
            BadInputException.class, () -> ProviderUri.parse("coordination URI", uri));

    assertThat(problem).isNotNull();
    assertThat(problem.where()).isEqualTo("coordination URI");
    assertThat(problem.found()).contains(found);
    assertThat(problem.expected()).contains(expected);
    assertThat(problem.advice()).contains(advice).doesNotEndWith(".");
    assertThat(problem.getMessage().toLowerCase(Locale.ROOT)).doesNotContain(SECRET);
    assertThat(problem).hasNoCause();
    assertThat(problem.retryable()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "redis://host, redis, //host",
    "redis://host:6379/0?db=1, redis, //host:6379/0?db=1",
    "'redis://[::1]:6379,h2:6380', redis, '//[::1]:6379,h2:6380'",
    "openrouter:anthropic/claude-sonnet-4, openrouter, anthropic/claude-sonnet-4",
    "openrouter:vendor/model:free@preset, openrouter, vendor/model:free@preset",
    "openrouter:@preset/writer, openrouter, @preset/writer",
    "openrouter:v/m?max_tokens=400, openrouter, v/m?max_tokens=400",
    "memory:, memory, ''",
    "sqlite:/srv/my data/l.db, sqlite, /srv/my data/l.db",
    "sqlite:///srv/a@b/my l.db, sqlite, ///srv/a@b/my l.db",
    "sqlite:C:\\Users\\a@b\\l.db, sqlite, C:\\Users\\a@b\\l.db",
    "sqlite:größe.db, sqlite, größe.db",
    "redis://h:6379?client=a@b, redis, //h:6379?client=a@b",
    "x://h, x, //h",
    "a+b.c-1:x:y, a+b.c-1, x:y"
  })
  void theRestIsEverythingAfterTheFirstColon(String text, String scheme, String rest) {
    var uri = ProviderUri.parse("ledger URI", text);

    assertThat(uri.where()).isEqualTo("ledger URI");
    assertThat(uri.scheme()).isEqualTo(scheme);
    assertThat(uri.rest()).isEqualTo(rest);
    assertThat(uri.safe()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vault:services/dragonfly",
        "vault:services/dragonfly#password",
        "vault%3Aservices%2Fdragonfly",
        "env:DRAGONFLY_PASSWORD",
        "file:/run/secrets/dragonfly",
        "file:///run/secrets/dragonfly"
      })
  void referencesToSecretsAreKeptForTheProviderAndMaskedForPeople(String reference) {
    var uri = ProviderUri.parse("x", "rediss://redis.bank:6380?db=1&password=" + reference);

    assertThat(uri.rest()).isEqualTo("//redis.bank:6380?db=1&password=" + reference);
    assertThat(uri.safe()).isEqualTo("rediss://redis.bank:6380?db=1&password=***");
    assertThat(uri).hasToString(uri.safe());
  }

  @Test
  void whatFollowsASecretParameterIsMaskedToo() {
    var uri = ProviderUri.parse("x", "redis://h?password=vault:a&db=1");

    assertThat(uri.safe()).isEqualTo("redis://h?password=***");
  }

  @Test
  void equalityIsThatOfSchemeAndRest() {
    var uri = ProviderUri.parse("x", "redis://h");

    assertThat(uri)
        .isEqualTo(ProviderUri.parse("y", "redis://h"))
        .hasSameHashCodeAs(ProviderUri.parse("y", "redis://h"))
        .isNotEqualTo(ProviderUri.parse("x", "rediss://h"))
        .isNotEqualTo(ProviderUri.parse("x", "redis://i"))
        .isNotEqualTo(null);
  }

  @Test
  void theLongestUriIsRead() {
    var text = "x:" + "y".repeat(ProviderUri.MAX_LENGTH - 2);

    assertThat(ProviderUri.parse("x", text).rest()).hasSize(ProviderUri.MAX_LENGTH - 2);
    assertThat(ProviderUri.parse("x", "s".repeat(32) + ":").scheme()).hasSize(32);
  }

  @Test
  void thePlaceIsRequired() {
    assertThatNullPointerException().isThrownBy(() -> ProviderUri.parse(null, "memory:"));
  }
}
