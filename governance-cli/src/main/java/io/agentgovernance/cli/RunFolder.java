// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.core.RunId;
import io.agentgovernance.event.Event;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one run: {@code events.jsonl}, written as the events happen, then {@code report.md}
 * and {@code diagram.mmd}. For one thread.
 *
 * <p>A file that cannot be written never stops the run; {@link #problem()} tells of the first.
 */
final class RunFolder implements AutoCloseable {
  private static final String A_FOLDER = "a new or an empty folder";

  private final Path path;
  private @Nullable BufferedWriter events;
  private @Nullable String problem;
  private long count;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * Finds the folder and makes nothing yet.
   *
   * @param out what {@code --out} says; if absent, {@code runs/<run>}
   * @throws BadInputException if it holds anything, or is no folder
   */
  static RunFolder find(Path directory, @Nullable String out, RunId run) {
    if (out == null) {
      return new RunFolder(directory.resolve("runs").resolve(run.value()));
    }
    Path path = Texts.path("--out", directory, out, A_FOLDER).normalize();
    String where = "--out " + Plain.line(out);
    if (Files.isDirectory(path)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
        if (entries.iterator().hasNext()) {
          throw new BadInputException(
              where, "a folder that is not empty", A_FOLDER, "Name another, or empty this one");
        }
      } catch (IOException e) {
        throw new BadInputException(
            where,
            "a folder that cannot be read: " + Texts.reason(e),
            A_FOLDER,
            "Check its permissions, or name another",
            e);
      }
    } else if (Files.exists(path)) {
      throw new BadInputException(where, "a file", A_FOLDER, "Name another");
    }
    return new RunFolder(path);
  }

  /**
   * Makes the folder and begins the file of events.
   *
   * @throws BadInputException if that cannot be done
   */
  void create() {
    try {
      Files.createDirectories(path);
      events = Files.newBufferedWriter(eventsFile(), StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new BadInputException(
          "output folder " + path,
          "a place that cannot be written: " + Texts.reason(e),
          A_FOLDER + " where you may write",
          "Name one with --out",
          e);
    }
  }

  /** Takes back {@link #create()} of a run that did not begin; what cannot be removed stays. */
  void discard() {
    try {
      close();
      Files.deleteIfExists(eventsFile());
      Files.deleteIfExists(path);
    } catch (IOException e) {
      note(e);
    }
  }

  /** Appends an event and hands it to the operating system. */
  void append(Event event) {
    BufferedWriter writer = events;
    if (writer == null) {
      return;
    }
    try {
      writer.write(event.json());
      writer.write('\n');
      writer.flush();
      count++;
    } catch (IOException e) {
      note(e);
    }
  }

  /** Writes what a result has to say, whatever the outcome. */
  void finish(OrchestrationResult result) {
    close();
    write(reportFile(), result.report());
    write(diagramFile(), result.diagram());
  }

  private void write(Path file, String text) {
    try {
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      note(e);
    }
  }

  private void note(IOException e) {
    if (problem == null) {
      problem = "a file in " + path + " could not be written: " + Texts.reason(e);
    }
  }

  /** What could not be written, if anything. */
  @Nullable String problem() {
    return problem;
  }

  Path path() {
    return path;
  }

  Path reportFile() {
    return path.resolve("report.md");
  }

  Path eventsFile() {
    return path.resolve("events.jsonl");
  }

  Path diagramFile() {
    return path.resolve("diagram.mmd");
  }

  /** How many events are in the file. */
  long events() {
    return count;
  }

  @Override
  public void close() {
    BufferedWriter writer = events;
    events = null;
    if (writer != null) {
      try {
        writer.close();
      } catch (IOException e) {
        note(e);
      }
    }
  }
}
