// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a host may set from outside its code. What the orchestrator's builder is told goes before
 * these, these go before the defaults.
 *
 * <pre>{@code
 * Settings settings = Settings.fromEnvironment(System.getenv());
 * log.info("\n{}", settings.describe());
 * }</pre>
 *
 * <p>Immutable and thread safe. Two settings are equal if their values are, wherever those came
 * from.
 */
public final class Settings {
  /** The model that OPENROUTER_MODEL stands for when it is not set. */
  public static final String DEFAULT_OPENROUTER_MODEL = "anthropic/claude-sonnet-4";

  /** What holds if nothing is set. */
  public static final Settings DEFAULTS = builder().build();

  private static final String FROM_BUILDER = "builder";

  private final Values values;
  private final Map<SettingName, String> origins;

  private Settings(Builder builder) {
    this.values = builder.values();
    this.origins = Collections.unmodifiableMap(new EnumMap<>(builder.origins));
  }

  private record Values(
      boolean autoOrchestrate,
      @Nullable String openRouterModel,
      Duration orchestrationTimeout,
      Duration gammaStuckThreshold,
      int gammaConflictThreshold,
      double gammaComplexityThreshold) {}

  /** Returns a builder that holds the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads AUTO_ORCHESTRATE, OPENROUTER_MODEL, ORCHESTRATION_TIMEOUT, GAMMA_STUCK_THRESHOLD,
   * GAMMA_CONFLICT_THRESHOLD and GAMMA_COMPLEXITY_THRESHOLD. A variable that is missing or blank
   * keeps its default; other variables are not looked at. Durations are whole seconds, or {@code
   * 500ms}, {@code 90s}, {@code 2m}, {@code 1h}, or ISO 8601 such as {@code PT2M}.
   *
   * @param environment usually {@code System.getenv()}
   * @throws BadInputException naming every variable with a wrong value, what was found and what is
   *     accepted
   */
  public static Settings fromEnvironment(Map<String, String> environment) {
    var builder = builder();
    var problems = new LinkedHashMap<SettingName, BadInputException>();
    for (var name : SettingName.values()) {
      var text = environment.get(name.name());
      if (text != null && !text.isBlank()) {
        try {
          builder.read(name, text.strip());
          builder.origins.put(name, "environment " + name);
        } catch (BadInputException e) {
          problems.put(name, e);
        }
      }
    }
    if (!problems.isEmpty()) {
      throw SettingReader.together(List.copyOf(problems.values()));
    }
    return builder.build();
  }

  /** Returns a builder that holds these settings, with their origins. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Says whether a run goes on to its team once its stages have reported. Default true. */
  public boolean autoOrchestrate() {
    return values.autoOrchestrate;
  }

  /** Returns OpenRouter's name of a model; empty stands for {@value #DEFAULT_OPENROUTER_MODEL}. */
  public Optional<String> openRouterModel() {
    return Optional.ofNullable(values.openRouterModel);
  }

  /** Returns the active time a run may take. Default 120 s. */
  public Duration orchestrationTimeout() {
    return values.orchestrationTimeout;
  }

  /** Returns the time without progress after which a team counts as stuck. Default 30 s. */
  public Duration gammaStuckThreshold() {
    return values.gammaStuckThreshold;
  }

  /** Returns the number of unresolved proposals that counts as a conflict. Default 3. */
  public int gammaConflictThreshold() {
    return values.gammaConflictThreshold;
  }

  /** Returns the score, 0 to 1, above which an objective counts as complex. Default 0.8. */
  public double gammaComplexityThreshold() {
    return values.gammaComplexityThreshold;
  }

  /**
   * Returns the settings for people, one per line: name, value, and where it came from: {@code
   * default}, {@code environment <NAME>} or {@code builder}. Holds no credentials.
   */
  public String describe() {
    var shown = shown();
    return Arrays.stream(SettingName.values())
        .map(
            name ->
                name.accessor()
                    + " = "
                    + shown.get(name.accessor())
                    + " ("
                    + origins.getOrDefault(name, "default")
                    + ")")
        .collect(Collectors.joining("\n"));
  }

  /** Returns the digest of the effective values. */
  public Digest digest() {
    return Payload.of(shown()).digest();
  }

  private Map<String, Object> shown() {
    var shown = new LinkedHashMap<String, Object>();
    shown.put(SettingName.AUTO_ORCHESTRATE.accessor(), autoOrchestrate());
    shown.put(
        SettingName.OPENROUTER_MODEL.accessor(),
        openRouterModel().orElse(DEFAULT_OPENROUTER_MODEL));
    shown.put(SettingName.ORCHESTRATION_TIMEOUT.accessor(), orchestrationTimeout());
    shown.put(SettingName.GAMMA_STUCK_THRESHOLD.accessor(), gammaStuckThreshold());
    shown.put(SettingName.GAMMA_CONFLICT_THRESHOLD.accessor(), gammaConflictThreshold());
    shown.put(SettingName.GAMMA_COMPLEXITY_THRESHOLD.accessor(), gammaComplexityThreshold());
    return shown;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Settings that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return "Settings" + shown();
  }

  /** Builds {@link Settings}. Not thread safe; reusable. Each setter checks what it is given. */
  public static final class Builder {
    private final Map<SettingName, String> origins = new EnumMap<>(SettingName.class);
    private boolean autoOrchestrate = true;
    private @Nullable String openRouterModel;
    private Duration orchestrationTimeout = Duration.ofMinutes(2);
    private Duration gammaStuckThreshold = Duration.ofSeconds(30);
    private int gammaConflictThreshold = 3;
    private double gammaComplexityThreshold = 0.8;

    private Builder() {}

    private Builder(Settings settings) {
      origins.putAll(settings.origins);
      autoOrchestrate = settings.values.autoOrchestrate;
      openRouterModel = settings.values.openRouterModel;
      orchestrationTimeout = settings.values.orchestrationTimeout;
      gammaStuckThreshold = settings.values.gammaStuckThreshold;
      gammaConflictThreshold = settings.values.gammaConflictThreshold;
      gammaComplexityThreshold = settings.values.gammaComplexityThreshold;
    }

    /** Sets whether a run goes on by itself. If unset, true. */
    public Builder autoOrchestrate(boolean autoOrchestrate) {
      this.autoOrchestrate = autoOrchestrate;
      return by(SettingName.AUTO_ORCHESTRATE);
    }

    /**
     * Sets OpenRouter's name of a model. If unset, {@value Settings#DEFAULT_OPENROUTER_MODEL}.
     *
     * @throws BadInputException if it is blank, has white space, or looks like an API key
     */
    public Builder openRouterModel(String model) {
      this.openRouterModel = SettingReader.model(where(SettingName.OPENROUTER_MODEL), model);
      return by(SettingName.OPENROUTER_MODEL);
    }

    /**
     * Sets the active time a run may take, 1 ms to 30 days. If unset, 120 s.
     *
     * @throws BadInputException if it is outside that range
     */
    public Builder orchestrationTimeout(Duration timeout) {
      this.orchestrationTimeout =
          SettingReader.inRange(
              where(SettingName.ORCHESTRATION_TIMEOUT), requireNonNull(timeout, "timeout"));
      return by(SettingName.ORCHESTRATION_TIMEOUT);
    }

    /**
     * Sets the time without progress that counts as stuck, 1 ms to 30 days. If unset, 30 s.
     *
     * @throws BadInputException if it is outside that range
     */
    public Builder gammaStuckThreshold(Duration threshold) {
      this.gammaStuckThreshold =
          SettingReader.inRange(
              where(SettingName.GAMMA_STUCK_THRESHOLD), requireNonNull(threshold, "threshold"));
      return by(SettingName.GAMMA_STUCK_THRESHOLD);
    }

    /**
     * Sets the number of unresolved proposals that counts as a conflict, 1 to 1000. If unset, 3.
     *
     * @throws BadInputException if it is outside that range
     */
    public Builder gammaConflictThreshold(int threshold) {
      this.gammaConflictThreshold =
          SettingReader.count(
              where(SettingName.GAMMA_CONFLICT_THRESHOLD), String.valueOf(threshold));
      return by(SettingName.GAMMA_CONFLICT_THRESHOLD);
    }

    /**
     * Sets the score above which an objective counts as complex, 0 to 1. If unset, 0.8.
     *
     * @throws BadInputException if it is outside that range
     */
    public Builder gammaComplexityThreshold(double threshold) {
      this.gammaComplexityThreshold =
          SettingReader.score(
              where(SettingName.GAMMA_COMPLEXITY_THRESHOLD), String.valueOf(threshold));
      return by(SettingName.GAMMA_COMPLEXITY_THRESHOLD);
    }

    /** Returns settings of what was set so far. */
    public Settings build() {
      return new Settings(this);
    }

    private void read(SettingName name, String text) {
      var where = name.name();
      switch (name) {
        case AUTO_ORCHESTRATE -> autoOrchestrate = SettingReader.flag(where, text);
        case OPENROUTER_MODEL -> openRouterModel = SettingReader.model(where, text);
        case ORCHESTRATION_TIMEOUT -> orchestrationTimeout = SettingReader.duration(where, text);
        case GAMMA_STUCK_THRESHOLD -> gammaStuckThreshold = SettingReader.duration(where, text);
        case GAMMA_CONFLICT_THRESHOLD -> gammaConflictThreshold = SettingReader.count(where, text);
        case GAMMA_COMPLEXITY_THRESHOLD ->
            gammaComplexityThreshold = SettingReader.score(where, text);
      }
    }

    private Builder by(SettingName name) {
      origins.put(name, FROM_BUILDER);
      return this;
    }

    private static String where(SettingName name) {
      return "setting " + name.accessor();
    }

    private Values values() {
      return new Values(
          autoOrchestrate,
          openRouterModel,
          orchestrationTimeout,
          gammaStuckThreshold,
          gammaConflictThreshold,
          gammaComplexityThreshold);
    }
  }
}
