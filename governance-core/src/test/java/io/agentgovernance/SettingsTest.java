// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @Test
  void defaultsAreThoseOfTheContract() {
    assertThat(Settings.DEFAULTS.autoOrchestrate()).isTrue();
    assertThat(Settings.DEFAULTS.openRouterModel()).isEmpty();
    assertThat(Settings.DEFAULTS.orchestrationTimeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(Settings.DEFAULTS.gammaStuckThreshold()).isEqualTo(Duration.ofSeconds(30));
    assertThat(Settings.DEFAULTS.gammaConflictThreshold()).isEqualTo(3);
    assertThat(Settings.DEFAULTS.gammaComplexityThreshold()).isEqualTo(0.8);
    assertThat(Settings.fromEnvironment(Map.of())).isEqualTo(Settings.DEFAULTS);
  }

  @Test
  void theContractsVariablesAreRead() {
    var settings =
        Settings.fromEnvironment(
            Map.of(
                "AUTO_ORCHESTRATE", "False",
                "OPENROUTER_MODEL", "openai/gpt-5",
                "ORCHESTRATION_TIMEOUT", "60",
                "GAMMA_STUCK_THRESHOLD", "500ms",
                "GAMMA_CONFLICT_THRESHOLD", "5",
                "GAMMA_COMPLEXITY_THRESHOLD", ".5",
                "PATH", "/bin"));

    assertThat(settings)
        .isEqualTo(
            Settings.builder()
                .autoOrchestrate(false)
                .openRouterModel("openai/gpt-5")
                .orchestrationTimeout(Duration.ofMinutes(1))
                .gammaStuckThreshold(Duration.ofMillis(500))
                .gammaConflictThreshold(5)
                .gammaComplexityThreshold(0.5)
                .build());
  }

  @ParameterizedTest
  @CsvSource({
    "120, PT2M",
    "1, PT1S",
    "90s, PT1M30S",
    "2m, PT2M",
    "1h, PT1H",
    "500ms, PT0.5S",
    "PT2M, PT2M",
    "pt1.5s, PT1.5S",
    "2M, PT2M",
    "' 30 ', PT30S",
    "P1D, PT24H",
    "720h, PT720H",
    "1ms, PT0.001S"
  })
  void durationsAreReadInEachForm(String text, Duration duration) {
    assertThat(Settings.fromEnvironment(Map.of("ORCHESTRATION_TIMEOUT", text)))
        .isEqualTo(Settings.builder().orchestrationTimeout(duration).build());
  }

  @Test
  void blankVariablesKeepTheDefault() {
    assertThat(Settings.fromEnvironment(Map.of("AUTO_ORCHESTRATE", "", "OPENROUTER_MODEL", " ")))
        .isEqualTo(Settings.DEFAULTS);
  }

  @Test
  void allWrongVariablesAreReportedAtOnce() {
    var environment =
        Map.of(
            "AUTO_ORCHESTRATE", "maybe",
            "ORCHESTRATION_TIMEOUT", "soon",
            "GAMMA_CONFLICT_THRESHOLD", "0",
            "GAMMA_STUCK_THRESHOLD", "30");

    assertThatThrownBy(() -> Settings.fromEnvironment(environment))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(
            "AUTO_ORCHESTRATE: 'maybe'",
            "ORCHESTRATION_TIMEOUT: 'soon'",
            "GAMMA_CONFLICT_THRESHOLD: '0'",
            "AUTO_ORCHESTRATE: true or false",
            "GAMMA_CONFLICT_THRESHOLD: a whole number from 1 to 1000")
        .hasMessageNotContaining("GAMMA_STUCK_THRESHOLD");
  }

  @Test
  void aKeyInTheWrongVariableIsNotRepeated() {
    assertThatThrownBy(
            () -> Settings.fromEnvironment(Map.of("OPENROUTER_MODEL", "sk-or-v1-0123456789")))
        .hasMessageContaining("looks like a credential")
        .hasMessageNotContaining("0123456789");
    assertThatThrownBy(
            () ->
                Settings.fromEnvironment(Map.of("ORCHESTRATION_TIMEOUT", "sk-or\n-v1-0123456789")))
        .hasMessageNotContaining("0123456789");
  }

  @Test
  void theDescriptionNamesEachValueAndItsOrigin() {
    var settings =
        Settings.fromEnvironment(Map.of("ORCHESTRATION_TIMEOUT", "90", "AUTO_ORCHESTRATE", "true"))
            .toBuilder()
            .gammaConflictThreshold(4)
            .build();

    assertThat(settings.describe())
        .isEqualTo(
            """
            autoOrchestrate = true (environment AUTO_ORCHESTRATE)
            openRouterModel = anthropic/claude-sonnet-4 (default)
            orchestrationTimeout = PT1M30S (environment ORCHESTRATION_TIMEOUT)
            gammaStuckThreshold = PT30S (default)
            gammaConflictThreshold = 4 (builder)
            gammaComplexityThreshold = 0.8 (default)""");
  }

  @Test
  void theDigestFollowsTheValuesAndNotTheirOrigin() {
    var read = Settings.fromEnvironment(Map.of("ORCHESTRATION_TIMEOUT", "2m"));

    assertThat(read.digest()).isEqualTo(Settings.DEFAULTS.digest());
    assertThat(read).hasSameHashCodeAs(Settings.DEFAULTS);
    assertThat(Settings.builder().gammaConflictThreshold(4).build().digest())
        .isNotEqualTo(Settings.DEFAULTS.digest());
  }

  @Test
  void aReusedBuilderMakesIndependentSettings() {
    var builder = Settings.builder();
    var first = builder.build();

    builder.gammaConflictThreshold(9);

    assertThat(first).isEqualTo(Settings.DEFAULTS);
    assertThat(first.describe()).doesNotContain("builder");
  }
}
