// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.OrchestratorBuilder;
import io.agentgovernance.RunRequest;
import io.agentgovernance.Settings;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.SecretSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code governance run}: one objective, from the command line to the files of its run. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    versionProvider = GovernanceCommand.ManifestVersion.class,
    sortOptions = false,
    customSynopsis = "governance run [OPTIONS] <objective>",
    description = {
      "Has a team of agents work on an objective.",
      "",
      "The timeline goes to stderr, the result to stdout; report.md, events.jsonl and"
          + " diagram.mmd go to the output folder, however the run ends.",
      "Ledger and checkpoints are there too: a run whose process dies goes on with"
          + " 'governance resume <run id>'."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:COMPLETED: a solution was accepted",
      "1:failed",
      "2:usage or bad input; nothing was run",
      "3:TIMEOUT: the time was over; what was done is reported",
      "4:STOPPED, for instance with Ctrl-C; what was done is reported",
      "5:resting, or waiting for a person"
    },
    footer = {
      "",
      "Settings are also read from AUTO_ORCHESTRATE, OPENROUTER_MODEL,"
          + " ORCHESTRATION_TIMEOUT, GAMMA_STUCK_THRESHOLD, GAMMA_CONFLICT_THRESHOLD and"
          + " GAMMA_COMPLEXITY_THRESHOLD; options win.",
      "",
      "Examples:",
      "  governance run \"Design a rate limiter for 500 req/s per tenant\"",
      "  governance run \"Plan the move\" --file inventory.md --file rules.md --timeout 90s",
      "  generate-objective | governance run - --json --quiet | jq .solution"
    })
final class RunCommand extends Subcommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "<objective>",
      hideParamSyntax = true,
      description = "What the team is to reach, in quotes; - reads it from stdin.")
  private List<String> objective = new ArrayList<>();

  @Option(
      names = "--file",
      paramLabel = "<file>",
      description = "A document for the team, UTF-8 text. Repeatable.")
  private List<String> files = new ArrayList<>();

  @Mixin private ModelOptions models = new ModelOptions();

  @Option(
      names = "--timeout",
      paramLabel = "<duration>",
      description = "How much active time the run has, such as 90s or 2m. Default: 120s.")
  private @Nullable String timeout;

  @Mixin private StoreOptions keeping = new StoreOptions();

  @Option(
      names = "--out",
      paramLabel = "<folder>",
      description = "A new or an empty folder for the files. Default: runs/<run id>")
  private @Nullable String out;

  @Mixin private OutputOptions output = new OutputOptions();

  RunCommand(Host host, Complaints complaints) {
    super(host, complaints);
  }

  @Override
  public Integer call() {
    Settings settings = settings();
    ModelChoice choice = models.choice(settings);
    RunId id = RunId.random();
    RunRequest request = Texts.attach(RunRequest.of(objective()).id(id), host.directory(), files);
    RunFolder folder = RunFolder.find(host.directory(), out, id);
    Stores stores = keeping.stores();
    RunFile file = RunFile.of(id, choice, stores);

    folder.create(file);
    try (Timeline timeline = output.timeline(host);
        Orchestrator orchestrator = open(host, complaints, settings, choice, stores, folder)) {
      introduce(timeline, id, choice);
      RunSession session =
          new RunSession(() -> orchestrator.start(request), folder, timeline, host.interrupts());
      OrchestrationResult result = session.run();
      return output.deliver(host, new Delivery(result, null), folder, timeline);
    } finally {
      folder.discardUnlessBegun();
    }
  }

  private void introduce(Timeline timeline, RunId id, ModelChoice choice) {
    timeline.note("run " + id + "; if this process dies: governance resume " + resumable(id));
    if (choice.mode() == ModelChoice.Mode.LOCAL) {
      timeline.note("mode local: a deterministic stand-in answers, no language model");
      if (!models.named() && !host.environment().getOrDefault("OPENROUTER_MODEL", "").isBlank()) {
        timeline.warn("OPENROUTER_MODEL is set but not used; add --mode openrouter to use it");
      }
    }
  }

  private Settings settings() {
    Settings settings = Settings.fromEnvironment(host.environment());
    String text = timeout;
    if (text == null) {
      return settings;
    }
    return settings.toBuilder().orchestrationTimeout(Limits.timeout(text)).build();
  }

  /** How to name the run to {@code resume}. */
  private String resumable(RunId id) {
    String folder = out;
    return folder == null ? id.value() : Plain.line(folder);
  }

  private String objective() {
    if (objective.size() != 1) {
      throw new BadInputException(
          "governance run",
          objective.isEmpty() ? "no objective" : objective.size() + " objectives",
          "one",
          "Write it in quotes: governance run \"<objective>\"");
    }
    String text = objective.get(0);
    return text.equals("-") ? Texts.objective(host.in()) : text;
  }

  /** Opens an orchestrator with the stores of a run. */
  static Orchestrator open(
      Host host,
      Complaints complaints,
      Settings settings,
      ModelChoice choice,
      Stores stores,
      RunFolder folder) {
    OrchestratorBuilder builder =
        Orchestrator.builder()
            .settings(settings)
            .secrets(SecretSource.environment(host.environment()));
    host.models().choose(builder, choice.uris());
    VaultVariables.configure(builder, host.environment());
    choice.baseUrl().ifPresent(url -> builder.providerSetting("openrouter.base-url", url));
    choice.apiKey().ifPresent(key -> builder.providerSetting("openrouter.api-key", key));
    stores.configure(builder, folder.path(), host.home());
    try {
      return builder.build();
    } catch (BadInputException e) {
      if (Complaints.parts(e).stream().anyMatch(part -> part.where().equals("model"))) {
        complaints.advise(
            "To run without a language model: governance run --mode local \"<objective>\"");
      }
      throw e;
    }
  }
}
