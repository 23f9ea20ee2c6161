// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tests that {@code docs/guarantees.md} names exist, so that it cannot promise without one. */
class GuaranteesTest {
  /** Surefire says where the module is; an IDE runs in it, or in the project. */
  private static final Path MODULE =
      Path.of(
              System.getProperty(
                  "basedir",
                  Files.isDirectory(Path.of("governance-examples")) ? "governance-examples" : ""))
          .toAbsolutePath();

  /** A link to a source file, named by a class and one of its methods. */
  private static final Pattern NAMED =
      Pattern.compile("\\[`(\\w+)\\.(\\w+)`]\\(([^)\\s]+\\.java)\\)");

  /** Anything that looks like one. */
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+\\.java)\\)");

  private static final Pattern TEST =
      Pattern.compile("@(?:Test|ParameterizedTest|RepeatedTest|TestFactory)\\b");

  @TempDir private Path folder;

  @Test
  void everyTestThatIsNamedExists() throws IOException {
    Path page = MODULE.resolveSibling("docs").resolve("guarantees.md");

    assertThat(problems(page)).isEmpty();
    assertThat(NAMED.matcher(Files.readString(page)).results().count())
        .as("tests named")
        .isGreaterThan(40);
  }

  @Test
  void whatDoesNotExistIsFound() throws IOException {
    Files.writeString(
        folder.resolve("ATest.java"),
        """
        class ATest {

          @Test
          void holds() {}

          private void noTest() {}

          @ParameterizedTest
          @ValueSource(ints = {1, 2})
          void holdsForEach(int number) {}
        }
        """);
    Path page = folder.resolve("page.md");
    Files.writeString(
        page,
        """
        [`ATest.holds`](ATest.java), [`ATest.holdsForEach`](ATest.java),
        [`ATest.gone`](ATest.java), [`ATest.noTest`](ATest.java), [`BTest.holds`](ATest.java),
        [`CTest.holds`](CTest.java), [holds](ATest.java)
        """);

    assertThat(problems(page))
        .containsExactly(
            "ATest.java has no test gone",
            "ATest.java has no test noTest",
            "ATest.java is not BTest",
            "CTest.java does not exist",
            "ATest.java is linked to without a class and a method");
  }

  private static List<String> problems(Path page) throws IOException {
    List<String> problems = new ArrayList<>();
    String text = Files.readString(page);
    for (MatchResult link : LINK.matcher(text).results().toList()) {
      var named = NAMED.matcher(link.group());
      String file = String.valueOf(Path.of(link.group(1)).getFileName());
      Path source = page.resolveSibling(link.group(1));
      if (!named.matches()) {
        problems.add(file + " is linked to without a class and a method");
      } else if (!Files.exists(source)) {
        problems.add(file + " does not exist");
      } else if (!file.equals(named.group(1) + ".java")) {
        problems.add(file + " is not " + named.group(1));
      } else if (!isTest(Files.readString(source), named.group(2))) {
        problems.add(file + " has no test " + named.group(2));
      }
    }
    return problems;
  }

  /**
   * Whether a method of that name has an annotation that makes it one, after the last blank line.
   */
  private static boolean isTest(String source, String method) {
    int at = source.indexOf(" void " + method + "(");
    return at >= 0 && TEST.matcher(source.substring(source.lastIndexOf("\n\n", at), at)).find();
  }
}
