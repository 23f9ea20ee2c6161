// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What documents link to within the project is there. Addresses elsewhere are not visited. */
class LinksTest {
  /** Surefire says where the module is; an IDE runs in it, or in the project. */
  private static final Path MODULE =
      Path.of(
              System.getProperty(
                  "basedir",
                  Files.isDirectory(Path.of("governance-examples")) ? "governance-examples" : ""))
          .toAbsolutePath();

  private static final Path PROJECT = MODULE.getParent();

  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)#\\s]+)(?:#[^)]*)?\\)");

  @Test
  void everyLinkWithinTheProjectLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int seen = 0;
    for (Path page : pages()) {
      for (String target : targets(page)) {
        seen++;
        if (!Files.exists(page.resolveSibling(target))) {
          broken.add(PROJECT.relativize(page) + " links to " + target);
        }
      }
    }

    assertThat(broken).isEmpty();
    assertThat(seen).as("links found").isGreaterThan(20);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(PROJECT);
        Stream<Path> docs = Files.walk(PROJECT.resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(page -> page.getFileName().toString().endsWith(".md"))
          .toList();
    }
  }

  private static List<String> targets(Path page) throws IOException {
    return LINK.matcher(Files.readString(page))
        .results()
        .map(found -> found.group(1))
        .filter(target -> !target.contains("://") && !target.startsWith("mailto:"))
        .toList();
  }
}
