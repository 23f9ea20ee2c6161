// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.core.RunId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What this version has stored is read and written by every later one, byte for byte. */
class WireDeltasTest {
  private static final String GOLDEN = "/wire/v1/deltas.jsonl";

  private static List<String> golden() throws IOException {
    try (var in = WireDeltasTest.class.getResourceAsStream(GOLDEN)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void theGoldenDeltasAreReadAndWrittenBitForBit() throws Exception {
    long position = 0;
    for (String line : golden()) {
      Delta delta = DeltaJson.read(SampleDeltas.RUN, ++position, line);

      assertThat(DeltaJson.write(delta)).isEqualTo(line);
    }
  }

  @Test
  void theyMeanWhatTheyMeantThen() throws Exception {
    List<Delta> samples = SampleDeltas.all();
    List<String> lines = golden();
    for (int i = 0; i < samples.size(); i++) {
      assertThat(DeltaJson.read(RunId.of("r"), i + 1, lines.get(i))).isEqualTo(samples.get(i));
    }
    assertThat(lines).hasSameSizeAs(samples);
  }

  @Test
  void thereIsOneOfEachKind() {
    assertThat(kinds(delta -> delta)).isEqualTo(Set.copyOf(DeltaJson.TABLE.types()));
    assertThat(kinds(delta -> delta instanceof Delta.Changed changed ? changed.command() : delta))
        .containsAll(StoredCommands.TABLE.types());
  }

  private static Set<Class<?>> kinds(Function<Delta, Object> part) {
    return SampleDeltas.all().stream().map(part).map(Object::getClass).collect(toSet());
  }

  /** Writes the file anew; only for a kind that was added. */
  public static void main(String[] args) throws IOException {
    Files.write(Path.of(args[0]), SampleDeltas.all().stream().map(DeltaJson::write).toList());
  }
}
