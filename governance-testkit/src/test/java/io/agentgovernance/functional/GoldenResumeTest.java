// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.testkit.ScriptedModel;
import io.agentgovernance.testkit.StandardScripts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs that earlier versions left are resumed by this one: one folder for each format, one file for
 * each place a run was left at, each line a delta.
 */
class GoldenResumeTest {
  private static final Path FOLDER = Path.of("src/test/resources/wire");
  private static final RunId RUN = RunId.of("golden");

  static Stream<Path> files() throws IOException {
    try (Stream<Path> found = Files.walk(FOLDER)) {
      return found.filter(path -> path.toString().endsWith(".jsonl")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isResumed(Path file) throws IOException {
    List<Delta> left = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      left.add(DeltaJson.read(RUN, left.size() + 1L, line));
    }
    CheckpointStore store = Backends.checkpoints();
    long epoch = store.claim(RUN, 0).orElseThrow();
    store.append(RUN, epoch, left);
    store.release(RUN, epoch);
    ScriptedModel model = script();

    try (var orchestrator =
        Orchestrator.builder()
            .model("scripted", model)
            .checkpoints(store)
            .time(Scenes.time())
            .build()) {
      OrchestrationResult result =
          orchestrator.resume(RUN).completion().orTimeout(60, TimeUnit.SECONDS).join();

      assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
      assertThat(result.solution().orElseThrow().at("/body").map(Payload::text))
          .contains(StandardScripts.SOLUTION);
      assertThat(result.warnings()).isEmpty();
      assertThat(ResumeEverywhereTest.again(left, model)).isEmpty();
    }
  }

  private static ScriptedModel script() {
    return StandardScripts.rejecting(Integer.MAX_VALUE);
  }

  /**
   * Writes the files of this version's format.
   *
   * @param args the folder
   */
  public static void main(String[] args) throws IOException {
    var recorded = new RecordedCheckpoints(Durability.DURABLE);
    try (var orchestrator =
        Orchestrator.builder().model("scripted", script()).checkpoints(recorded).build()) {
      orchestrator.run(RunRequest.of("Reach something").id(RUN).document("d", "Some material."));
    }
    List<List<Delta>> batches = recorded.batches();
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (int part = 1; part <= 3; part++) {
      List<String> lines = new ArrayList<>();
      for (List<Delta> batch : batches.subList(0, batches.size() * part / 4)) {
        batch.forEach(delta -> lines.add(DeltaJson.write(delta)));
      }
      Files.write(folder.resolve("left-at-" + part + "-of-4.jsonl"), lines);
    }
  }
}
