// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares the Java code in documents with the examples it is taken from.
 *
 * <p>A {@code java} block follows a comment {@code <!-- snippet: Hello.java#run -->} and equals
 * what stands between {@code // tag::run[]} and {@code // end::run[]} in that example, indentation
 * and other tags aside. Several regions of one name are one after the other in the document.
 */
final class Snippets {
  private static final Pattern COMMENT =
      Pattern.compile("<!--\\s*snippet:\\s*(\\w+\\.java)#([\\w-]+)\\s*-->");
  private static final Pattern FENCE = Pattern.compile("(`{3,}|~{3,})\\s*(\\w*).*");

  private final Path sources;

  /**
   * @param sources the folder that holds the examples, at any depth
   */
  Snippets(Path sources) {
    this.sources = sources;
  }

  /** The document with each java block that has a comment filled from its example. */
  String filled(Path document) {
    List<String> lines = read(document);
    List<String> filled = new ArrayList<>();
    int i = 0;
    while (i < lines.size()) {
      Matcher fence = FENCE.matcher(lines.get(i).strip());
      Optional<Matcher> reference = reference(lines, i - 1);
      filled.add(lines.get(i));
      if (fence.matches()) {
        int end = end(lines, i + 1, fence.group(1));
        Optional<String> region =
            fence.group(2).equals("java")
                ? reference.flatMap(r -> region(r.group(1), r.group(2)))
                : Optional.empty();
        String indentation = lines.get(i).substring(0, lines.get(i).indexOf(fence.group(1)));
        if (region.isPresent()) {
          region
              .get()
              .lines()
              .map(line -> (indentation + line).stripTrailing())
              .forEach(filled::add);
        } else {
          filled.addAll(lines.subList(i + 1, Math.min(end, lines.size())));
        }
        if (end < lines.size()) {
          filled.add(lines.get(end));
        }
        i = end;
      }
      i++;
    }
    return String.join("\n", filled) + "\n";
  }

  private Optional<String> region(String file, String name) {
    List<Path> found = find(file);
    return found.size() == 1 ? region(read(found.get(0)), name) : Optional.empty();
  }

  /** What is wrong with the java blocks of a document, each with its line. */
  List<String> problems(Path document) {
    List<String> lines = read(document);
    List<String> problems = new ArrayList<>();
    int i = 0;
    while (i < lines.size()) {
      Matcher fence = FENCE.matcher(lines.get(i).strip());
      Optional<Matcher> reference = reference(lines, i - 1);
      if (!fence.matches()) {
        if (COMMENT.matcher(lines.get(i).strip()).matches() && !isJava(lines, i + 1)) {
          problems.add(at(document, i) + "a snippet comment without a java block below it");
        }
        i++;
        continue;
      }
      int end = end(lines, i + 1, fence.group(1));
      if (fence.group(2).equals("java")) {
        String block = text(lines.subList(i + 1, end));
        String where = at(document, i);
        if (reference.isEmpty()) {
          problems.add(
              where + "a java block without a comment <!-- snippet: File.java#name --> above it");
        } else {
          String file = reference.get().group(1);
          String name = reference.get().group(2);
          difference(file, name, block).ifPresent(problem -> problems.add(where + problem));
        }
      }
      i = end + 1;
    }
    return problems;
  }

  private Optional<String> difference(String file, String name, String block) {
    List<Path> found = find(file);
    if (found.size() != 1) {
      return Optional.of("expected one example " + file + " but found " + found.size());
    }
    Optional<String> region = region(read(found.get(0)), name);
    if (region.isEmpty()) {
      return Optional.of(file + " has no // tag::" + name + "[] with its // end::" + name + "[]");
    }
    return region.get().equals(block)
        ? Optional.empty()
        : Optional.of(
            "differs from "
                + file
                + "#"
                + name
                + "; expected\n"
                + region.get()
                + "\nbut found\n"
                + block);
  }

  private static Optional<String> region(List<String> lines, String name) {
    List<String> parts = new ArrayList<>();
    List<String> part = null;
    for (String line : lines) {
      String text = line.strip();
      if (text.equals("// tag::" + name + "[]")) {
        part = new ArrayList<>();
      } else if (text.equals("// end::" + name + "[]") && part != null) {
        parts.add(text(part));
        part = null;
      } else if (part != null && !text.matches("// (tag|end)::[\\w-]+\\[]")) {
        part.add(line);
      }
    }
    return parts.isEmpty() || part != null
        ? Optional.empty()
        : Optional.of(String.join("\n\n", parts));
  }

  /** The lines without common indentation, surrounding blank lines, and more than one in a row. */
  private static String text(List<String> lines) {
    String joined = lines.stream().map(String::stripTrailing).collect(joining("\n"));
    return joined.replaceAll("^\n+|\n+$", "").stripIndent().replaceAll("\n{3,}", "\n\n");
  }

  private static Optional<Matcher> reference(List<String> lines, int index) {
    int i = index;
    while (i >= 0 && lines.get(i).isBlank()) {
      i--;
    }
    return i < 0
        ? Optional.empty()
        : Optional.of(COMMENT.matcher(lines.get(i).strip())).filter(Matcher::matches);
  }

  private static boolean isJava(List<String> lines, int index) {
    int i = index;
    while (i < lines.size() && lines.get(i).isBlank()) {
      i++;
    }
    if (i == lines.size()) {
      return false;
    }
    Matcher fence = FENCE.matcher(lines.get(i).strip());
    return fence.matches() && fence.group(2).equals("java");
  }

  private static int end(List<String> lines, int index, String fence) {
    int i = index;
    while (i < lines.size() && !lines.get(i).strip().equals(fence)) {
      i++;
    }
    return i;
  }

  private static String at(Path document, int index) {
    return document + ":" + (index + 1) + ": ";
  }

  private List<Path> find(String file) {
    try (Stream<Path> all = Files.walk(sources)) {
      return all.filter(path -> path.endsWith(file)).toList();
    } catch (IOException e) {
      throw new AssertionError("cannot list " + sources, e);
    }
  }

  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new AssertionError("cannot read " + file, e);
    }
  }
}
