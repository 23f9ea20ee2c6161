// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.ResumeRequest;
import io.agentgovernance.Settings;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.ledger.RepeatedCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code governance resume}: goes on with a run whose process ended before it did. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    versionProvider = GovernanceCommand.ManifestVersion.class,
    sortOptions = false,
    customSynopsis = "governance resume [OPTIONS] <run>",
    description = {
      "Goes on with a run whose process was killed, crashed, or rests until a person answers.",
      "",
      "Finished phases are not entered again, and finished calls of models and tools are answered"
          + " from what was remembered. A run that had ended gives its result again.",
      "",
      "What a run was started with is in its folder, and options win over it. Where its folder is"
          + " not, such as on another machine, say where it is remembered: its id and"
          + " --checkpoints, and the options it was started with."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:COMPLETED: a solution was accepted",
      "1:failed",
      "2:usage or bad input, or the run cannot be resumed; nothing was changed",
      "3:TIMEOUT: the time was over; what was done is reported",
      "4:STOPPED, for instance with Ctrl-C; what was done is reported",
      "5:resting, or waiting for a person"
    },
    footer = {
      "",
      "Examples:",
      "  governance resume 01k7q3v9m2c8t4x6z0b5n1d3fg",
      "  governance resume out/plan --timeout 60s --json",
      "  governance resume <run> --blackboard redis://redis:6379 --checkpoints redis://redis:6379"
    })
final class ResumeCommand extends Subcommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "<run>",
      hideParamSyntax = true,
      description = "The run's id, as 'governance run' printed it, or its folder.")
  private List<String> runs = new ArrayList<>();

  @Option(
      names = "--timeout",
      paramLabel = "<duration>",
      description =
          "How much active time the run has from now on, such as 90s or 2m. Default: what was"
              + " left.")
  private @Nullable String timeout;

  @Mixin private ModelOptions models = new ModelOptions();

  @Mixin private StoreOptions keeping = new StoreOptions();

  @Mixin private OutputOptions output = new OutputOptions();

  ResumeCommand(Host host, Complaints complaints) {
    super(host, complaints);
  }

  @Override
  public Integer call() {
    Settings settings = Settings.fromEnvironment(host.environment());
    Path path = folder();
    RunId elsewhere = RunFile.isIn(path) ? null : elsewhere();
    if (elsewhere != null) {
      return begin(settings, RunFolder.find(host.directory(), null, elsewhere), elsewhere);
    }
    RunFile file = RunFile.read(path);
    ModelChoice choice = models.choice(settings, file);
    Stores stores = keeping.stores(file.stores());
    return resume(settings, choice, stores, RunFolder.existing(path), file.run());
  }

  /** Goes on with a run that has no folder here: it gets one. */
  private int begin(Settings settings, RunFolder folder, RunId run) {
    ModelChoice choice = models.choice(settings);
    Stores stores = keeping.stores();
    folder.create(RunFile.of(run, choice, stores));
    try {
      return resume(settings, choice, stores, folder, run);
    } finally {
      folder.discardUnlessBegun();
    }
  }

  private int resume(
      Settings settings, ModelChoice choice, Stores stores, RunFolder folder, RunId run) {
    ResumeRequest request = ResumeRequest.of(run);
    if (timeout != null) {
      request = request.timeout(Limits.timeout(timeout));
    }
    ResumeRequest asked = request;

    try (Orchestrator orchestrator =
            RunCommand.open(host, complaints, settings, choice, stores, folder);
        Timeline timeline = output.timeline(host)) {
      timeline.note("run " + run + ", resumed");
      OrchestrationResult result =
          new RunSession(() -> orchestrator.resume(asked), folder, timeline, host.interrupts())
              .run();
      RepeatedCalls repeated =
          RepeatedCalls.in(orchestrator.ledger()::query, TenantId.DEFAULT, run);
      return output.deliver(host, new Delivery(result, repeated), folder, timeline);
    }
  }

  /** The run, if only its id is known here, and where it is remembered. */
  private @Nullable RunId elsewhere() {
    if (!keeping.rememberedElsewhere()) {
      return null;
    }
    try {
      return RunId.parse(runs.get(0));
    } catch (BadInputException e) {
      return null; // then it can only be a folder
    }
  }

  private Path folder() {
    if (runs.size() != 1) {
      throw new BadInputException(
          "governance resume",
          runs.isEmpty() ? "no run" : runs.size() + " runs",
          "one",
          "Write the run's id, or its folder: governance resume <run>");
    }
    String text = runs.get(0);
    Path named = Texts.path("governance resume", host.directory(), text, "a run's folder");
    Path usual = RunFolder.usual(host.directory(), text);
    return usual != null && Files.isDirectory(usual) ? usual : named;
  }
}
