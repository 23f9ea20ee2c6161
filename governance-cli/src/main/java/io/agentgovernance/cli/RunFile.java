// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * {@code run.json}: how a run was started, so that it can be resumed in the same way. It holds no
 * secret.
 *
 * @param run the run
 * @param mode {@code local} or {@code openrouter}
 * @param models the models named, in the order of fallback
 * @param baseUrl where they are, if not at OpenRouter
 * @param apiKey where their key is, by reference, if that was said
 * @param stores where the run is kept
 */
record RunFile(
    RunId run,
    String mode,
    List<String> models,
    @Nullable String baseUrl,
    @Nullable String apiKey,
    Stores stores) {
  static final String NAME = "run.json";

  private static final int VERSION = 1;

  /** The fields of the file. */
  record Fields(
      int version,
      String run,
      String mode,
      List<String> models,
      @Nullable String baseUrl,
      @Nullable String apiKey,
      @Nullable String blackboard,
      @Nullable String ledger,
      @Nullable String checkpoints) {}

  static RunFile of(RunId run, ModelChoice choice, Stores stores) {
    return new RunFile(
        run,
        choice.mode().name().toLowerCase(Locale.ROOT),
        choice.names(),
        choice.baseUrl().orElse(null),
        choice.apiKey().orElse(null),
        stores);
  }

  /** Whether a run was begun in that folder. */
  static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(NAME));
  }

  RunFile {
    models = List.copyOf(models);
  }

  void write(Path folder) throws IOException {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("version", VERSION);
    fields.put("run", run.value());
    fields.put("mode", mode);
    fields.put("models", models);
    fields.put("baseUrl", baseUrl);
    fields.put("apiKey", apiKey);
    fields.put("blackboard", stores.blackboard());
    fields.put("ledger", stores.ledger());
    fields.put("checkpoints", stores.checkpoints());
    Files.writeString(
        folder.resolve(NAME), Payload.of(fields).json() + "\n", StandardOpenOption.CREATE_NEW);
  }

  /**
   * Reads it again.
   *
   * @throws BadInputException if it is not there, or says nothing this version understands
   */
  static RunFile read(Path folder) {
    Path file = folder.resolve(NAME);
    String where = "governance resume, " + file;
    Fields fields = fields(where, file);
    if (fields.version() != VERSION) {
      throw new BadInputException(
          where,
          "version " + fields.version(),
          "version " + VERSION,
          "Resume it with the version of the command that wrote it");
    }
    return new RunFile(
        new RunId(fields.run()),
        fields.mode(),
        fields.models(),
        fields.baseUrl(),
        fields.apiKey(),
        new Stores(fields.blackboard(), fields.ledger(), fields.checkpoints()));
  }

  private static Fields fields(String where, Path file) {
    try {
      return Payload.json(Files.readString(file)).read(Fields.class);
    } catch (IOException e) {
      throw new BadInputException(
          where,
          "no file that can be read: " + Texts.reason(e),
          "the file that 'governance run' writes",
          "Name the run's id, from the folder the run was started in, or its folder",
          e);
    } catch (RuntimeException e) {
      throw new BadInputException(
          where,
          "something else: " + Plain.line(String.valueOf(e.getMessage())),
          "the file as 'governance run' wrote it",
          "Restore it from a backup",
          e);
    }
  }
}
