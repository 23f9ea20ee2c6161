// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.RunRequest;
import io.agentgovernance.budget.SpendBudget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the texts a run is given: documents from files, an objective from stdin. */
final class Texts {
  /**
   * How many bytes all documents may have. A call is only made if the run's budget has a token for
   * each byte of its prompt, so a run with more could not make one.
   */
  static final int MAX_BYTES = (int) SpendBudget.DEFAULT.tokens();

  private static final String A_FILE = "a readable file of UTF-8 text";
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Texts() {}

  /** Adds files to a request, each under its name, or under its path if two have one name. */
  static RunRequest attach(RunRequest request, Path directory, List<String> files) {
    RunRequest attached = request;
    Set<Path> seen = new HashSet<>();
    Set<String> names = new HashSet<>();
    long bytes = 0;
    for (String file : files) {
      Path path = path("--file", directory, file, A_FILE);
      if (!seen.add(path.normalize())) {
        throw new BadInputException(
            "--file " + Plain.line(file), "the same file twice", "each file once", "Remove one");
      }
      String name = String.valueOf(path.getFileName());
      String text = read(file, path);
      bytes += text.getBytes(StandardCharsets.UTF_8).length;
      if (bytes > MAX_BYTES) {
        throw tooLarge("--file " + Plain.line(file), "all files together");
      }
      attached = attached.document(names.add(name) ? name : file, text);
    }
    return attached;
  }

  /** The objective on stdin. */
  static String objective(InputStream in) {
    String where = "objective on stdin";
    try {
      String text = text(where, in.readNBytes(MAX_BYTES + 1));
      if (text.isBlank()) {
        throw new BadInputException(
            where, "no text", "what the team is to reach", "Write it to stdin, for one run");
      }
      return text;
    } catch (IOException e) {
      throw new BadInputException(
          where, "an error: " + reason(e), "UTF-8 text", "Pass the objective as an argument", e);
    }
  }

  /** The path of an argument. */
  static Path path(String where, Path directory, String text, String expected) {
    if (text.isBlank()) {
      throw new BadInputException(where, "an empty path", expected, "Name one");
    }
    try {
      return directory.resolve(text);
    } catch (InvalidPathException e) {
      throw new BadInputException(
          where, "a text that cannot be a path", expected, "Correct the path", e);
    }
  }

  /** What an exception of the file system says, without the path it repeats. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "no permission";
    } else if (e instanceof NoSuchFileException) {
      return "no such place";
    } else if (e instanceof FileAlreadyExistsException) {
      return "a file is in the way";
    }
    String said = e instanceof FileSystemException system ? system.getReason() : e.getMessage();
    return said == null ? e.getClass().getSimpleName() : Plain.line(said);
  }

  private static String read(String given, Path path) {
    String where = "--file " + Plain.line(given);
    if (Files.isDirectory(path)) {
      throw new BadInputException(
          where, "a directory", A_FILE, "Name the files in it, each with its own --file");
    }
    try (InputStream in = Files.newInputStream(path)) {
      String text = text(where, in.readNBytes(MAX_BYTES + 1));
      if (text.isBlank()) {
        throw new BadInputException(where, "no text", A_FILE, "Leave it out, or fill it");
      }
      return text;
    } catch (NoSuchFileException e) {
      throw new BadInputException(
          where, "no such file", A_FILE, "Check the path; it is relative to the current folder", e);
    } catch (IOException e) {
      throw new BadInputException(
          where, "a file that cannot be read: " + reason(e), A_FILE, "Check its permissions", e);
    }
  }

  private static BadInputException tooLarge(String where, String what) {
    return new BadInputException(
        where,
        "more than " + Plain.count(MAX_BYTES) + " bytes",
        what + " to have at most that, as a run may use as many tokens",
        "Shorten the material, or leave some out");
  }

  private static String text(String where, byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw tooLarge(where, "it");
    }
    for (byte one : bytes) {
      if (one == 0) {
        throw new BadInputException(
            where, "binary data", "UTF-8 text", "Convert it to text first, such as Markdown");
      }
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new BadInputException(
          where,
          "bytes that are not UTF-8",
          "UTF-8 text",
          "Convert it, for instance with: iconv -f ISO-8859-1 -t UTF-8",
          e);
    }
  }
}
