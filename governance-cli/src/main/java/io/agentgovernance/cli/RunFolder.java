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
  private boolean begun;

  /** The outermost folder that was made for this run; null if its folder was there. */
  private @Nullable Path outermost;

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

  /** The folder of a run that was started with no {@code --out}; null if that is no id. */
  static @Nullable Path usual(Path directory, String id) {
    try {
      return directory.resolve("runs").resolve(RunId.parse(id).value());
    } catch (BadInputException e) {
      return null; // then it can only be a folder
    }
  }

  /** The folder of a run that was started before. */
  static RunFolder existing(Path path) {
    return new RunFolder(path);
  }

  /**
   * Makes the folder, and the file that says how to resume the run.
   *
   * @throws BadInputException if that cannot be done
   */
  void create(RunFile file) {
    try {
      for (Path folder = path; folder != null && Files.notExists(folder); ) {
        outermost = folder;
        folder = folder.getParent();
      }
      Files.createDirectories(path);
      file.write(path);
    } catch (IOException e) {
      throw new BadInputException(
          "output folder " + path,
          "a place that cannot be written: " + Texts.reason(e),
          A_FOLDER + " where you may write",
          "Name one with --out",
          e);
    }
  }

  /** Begins the file of events; what a killed process had written of it is written again. */
  void open() {
    begun = true;
    try {
      events =
          Files.newBufferedWriter(
              eventsFile(),
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
    } catch (IOException e) {
      note(e);
    }
  }

  /** Takes back {@link #create} unless the run began; what cannot be removed stays. */
  void discardUnlessBegun() {
    if (begun) {
      return;
    }
    try (DirectoryStream<Path> made = Files.newDirectoryStream(path)) {
      for (Path file : made) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      note(e);
    }
    removeEmpty();
  }

  private void removeEmpty() {
    Path last = outermost;
    if (last == null) {
      return;
    }
    try {
      for (Path folder = path; folder != null && folder.startsWith(last); ) {
        Files.deleteIfExists(folder);
        folder = folder.getParent();
      }
    } catch (IOException e) {
      note(e); // something is in it
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
      Files.writeString(file, text);
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

  Path ledgerFile() {
    return path.resolve(Stores.LEDGER_FILE);
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
