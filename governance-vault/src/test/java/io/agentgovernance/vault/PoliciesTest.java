// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.TrustTier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The policies that are shipped, read with the rules of Vault that they use. */
class PoliciesTest {
  private static final Pattern RULE =
      Pattern.compile("path \"([^\"]+)\" \\{\\s*capabilities = \\[([^\\]]*)]\\s*}");
  private static final Set<String> CAPABILITIES =
      Set.of("create", "read", "update", "patch", "delete", "list", "sudo", "deny");

  @ParameterizedTest
  @EnumSource(TrustTier.class)
  void aTierHasAPolicyThatVaultCanReadAndThatReachesSecretsOfAgentsOnly(TrustTier tier) {
    Map<String, List<String>> rules = rules(VaultTierCredentials.policy(tier));

    assertThat(rules).isNotEmpty();
    rules.forEach(
        (path, capabilities) -> {
          assertThat(path.indexOf('*'))
              .as("a star is only last: %s", path)
              .isIn(-1, path.length() - 1);
          assertThat(CAPABILITIES).containsAll(capabilities);
          assertThat(capabilities).doesNotContain("sudo", "delete", "patch");
          if (!capabilities.equals(List.of("deny"))) {
            assertThat(path).matches("secret/(data|metadata)/agents/.*");
            assertThat(path.startsWith("secret/metadata/"))
                .as("names are listed under metadata/, values are read under data/: %s", path)
                .isEqualTo(capabilities.contains("list"));
          }
        });
  }

  @Test
  void aHigherTierReadsWhatTheOnesBelowReadAndALowerOneNothingOfThoseAbove() {
    String[] tiers = {"t1", "t2", "t3"};
    for (int of = 0; of < TrustTier.values().length; of++) {
      for (int place = 0; place < tiers.length; place++) {
        boolean allowed =
            capabilities("governance-t" + of, "secret/data/agents/" + tiers[place] + "/x")
                .contains("read");
        assertThat(allowed).as("T%d reads agents/%s", of, tiers[place]).isEqualTo(of > place);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TrustTier.class)
  void noTierReadsWhatTheOrchestratorReadsOrMakesTokens(TrustTier tier) {
    for (String path :
        List.of(
            "secret/data/api-keys/openrouter",
            "secret/data/services/dragonfly",
            "auth/token/create/governance-t4",
            "auth/token/revoke-accessor",
            "sys/policies/acl/governance-t0")) {
      assertThat(capabilities(VaultTierCredentials.policy(tier), path))
          .as(path)
          .doesNotContain("read", "update", "create", "list");
    }
  }

  @Test
  void onlyTheThirdTierWritesAndOnlyItsOwn() {
    for (TrustTier tier : TrustTier.values()) {
      Set<String> writable = new TreeSet<>();
      rules(VaultTierCredentials.policy(tier))
          .forEach(
              (path, capabilities) -> {
                if (capabilities.contains("update") || capabilities.contains("create")) {
                  writable.add(path);
                }
              });
      assertThat(writable)
          .isEqualTo(tier == TrustTier.T3 ? Set.of("secret/data/agents/own/t3/*") : Set.of());
    }
  }

  @Test
  void theOrchestratorReadsItsOwnSecretsAndNotThoseOfAgents() {
    String policy = "governance-orchestrator";

    assertThat(capabilities(policy, "secret/data/services/dragonfly")).containsExactly("read");
    assertThat(capabilities(policy, "secret/data/agents/t1/x")).containsExactly("deny");
    for (TrustTier tier : TrustTier.values()) {
      assertThat(capabilities(policy, "auth/token/create/" + VaultTierCredentials.policy(tier)))
          .containsExactly("update");
    }
    assertThat(capabilities(policy, "auth/token/create")).isEmpty();
    assertThat(capabilities(policy, "auth/token/revoke-accessor")).containsExactly("update");
  }

  /** The longest match decides, as in Vault for patterns that end in a star. */
  private static List<String> capabilities(String policy, String path) {
    String best = "";
    List<String> found = List.of();
    for (Map.Entry<String, List<String>> rule : rules(policy).entrySet()) {
      String pattern = rule.getKey();
      boolean matches =
          pattern.endsWith("*")
              ? path.startsWith(pattern.substring(0, pattern.length() - 1))
              : path.equals(pattern);
      if (matches && pattern.length() > best.length()) {
        best = pattern;
        found = rule.getValue();
      }
    }
    return found;
  }

  private static Map<String, List<String>> rules(String policy) {
    String text = text(policy);
    Map<String, List<String>> rules = new LinkedHashMap<>();
    StringBuilder rest = new StringBuilder();
    Matcher rule = RULE.matcher(text);
    while (rule.find()) {
      rule.appendReplacement(rest, "");
      List<String> capabilities = new ArrayList<>();
      Arrays.stream(rule.group(2).split(",", -1))
          .map(each -> each.strip().replace("\"", ""))
          .forEach(capabilities::add);
      assertThat(rules.put(rule.group(1), capabilities)).as("one rule for a path").isNull();
    }
    rule.appendTail(rest);
    assertThat(rest.toString().lines().map(String::strip))
        .as("nothing but rules and comments")
        .allMatch(line -> line.isEmpty() || line.startsWith("#"));
    return rules;
  }

  static String text(String policy) {
    try (InputStream in = PoliciesTest.class.getResourceAsStream("policies/" + policy + ".hcl")) {
      assertThat(in).as(policy).isNotNull();
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
