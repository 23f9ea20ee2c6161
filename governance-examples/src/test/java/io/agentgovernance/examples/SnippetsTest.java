// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code -Dsnippets.write=true} it fills the documents instead, then compares. */
class SnippetsTest {
  /** Surefire says where the module is; an IDE runs in it, or in the project. */
  private static final Path MODULE =
      Path.of(
              System.getProperty(
                  "basedir",
                  Files.isDirectory(Path.of("governance-examples")) ? "governance-examples" : ""))
          .toAbsolutePath();

  private static final String EXAMPLE =
      """
      final class Sum {
        // tag::all[]
        int sum(int a, int b) {
          // tag::inner[]
          return a + b;
          // end::inner[]
        }
        // end::all[]

        // tag::open[]
      }
      """;

  @TempDir Path folder;
  private Path document;

  @BeforeEach
  void writeTheExample() throws IOException {
    Path sources = Files.createDirectories(folder.resolve("main/java"));
    Files.writeString(sources.resolve("Sum.java"), EXAMPLE);
    document = folder.resolve("page.md");
  }

  @Test
  void javaInTheDocumentsIsTakenFromTheExamples() throws IOException {
    Snippets snippets = new Snippets(MODULE.resolve("src"));
    List<String> problems = new ArrayList<>();
    for (Path page : documents(MODULE.getParent())) {
      if (Boolean.getBoolean("snippets.write")) {
        Files.writeString(page, snippets.filled(page));
      }
      problems.addAll(snippets.problems(page));
    }

    assertThat(problems).as(() -> String.join("\n\n", problems)).isEmpty();
  }

  private static List<Path> documents(Path project) throws IOException {
    List<Path> pages = new ArrayList<>();
    pages.add(project.resolve("README.md"));
    pages.add(MODULE.resolve("README.md"));
    Path docs = project.resolve("docs");
    if (Files.isDirectory(docs)) {
      try (Stream<Path> all = Files.list(docs)) {
        all.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages.stream().filter(Files::exists).toList();
  }

  @Test
  void aBlockMayBeIndentedInAnotherWay() throws IOException {
    assertThat(
            problems(
                """
                1. Add them:

                   <!-- snippet: Sum.java#all -->

                   ```java
                   int sum(int a, int b) {
                     return a + b;
                   }
                   ```
                """))
        .isEmpty();
  }

  @Test
  void fillsTheBlocksThatHaveAComment() throws IOException {
    String page =
        """
        # Sums

          <!-- snippet: Sum.java#inner -->
          ```java
          return a - b;
          ```

        ```java
        none();
        ```

        ```bash
        ls
        ```
        """;
    Files.writeString(document, page);

    assertThat(new Snippets(folder).filled(document)).isEqualTo(page.replace("a - b", "a + b"));
  }

  @Test
  void otherBlocksAreNotLookedAt() throws IOException {
    assertThat(problems("```\n```java\n```\n\n```bash\nls\n```\n")).isEmpty();
  }

  @Test
  void aCommentWithinASentenceIsPartOfIt() throws IOException {
    assertThat(problems("Write `<!-- snippet: Sum.java#all -->` above it.\n")).isEmpty();
  }

  @Test
  void aBlockWithoutACommentIsNamedWithFileAndLine() throws IOException {
    assertThat(problems("# Sums\n\n```java\nreturn a + b;\n```\n"))
        .singleElement()
        .asString()
        .startsWith(document + ":3: a java block without a comment");
  }

  @Test
  void aBlockThatDiffersIsNamedWithFileAndLine() throws IOException {
    assertThat(problems("<!-- snippet: Sum.java#inner -->\n```java\nreturn a - b;\n```\n"))
        .singleElement()
        .asString()
        .startsWith(document + ":2: differs from Sum.java#inner")
        .contains("return a + b;")
        .contains("return a - b;");
  }

  @Test
  void aRegionThatIsMissingOrNeverEndsIsNamed() throws IOException {
    assertThat(problems("<!-- snippet: Sum.java#none -->\n```java\n```\n"))
        .containsExactly(document + ":2: Sum.java has no // tag::none[] with its // end::none[]");
    assertThat(problems("<!-- snippet: Sum.java#open -->\n```java\n}\n```\n"))
        .containsExactly(document + ":2: Sum.java has no // tag::open[] with its // end::open[]");
  }

  @Test
  void anExampleThatIsMissingIsNamed() throws IOException {
    assertThat(problems("<!-- snippet: Gone.java#all -->\n```java\n```\n"))
        .containsExactly(document + ":2: expected one example Gone.java but found 0");
  }

  @Test
  void aCommentWithoutABlockIsNamed() throws IOException {
    assertThat(problems("<!-- snippet: Sum.java#all -->\n\nText.\n"))
        .containsExactly(document + ":1: a snippet comment without a java block below it");
  }

  private List<String> problems(String page) throws IOException {
    Files.writeString(document, page);
    return new Snippets(folder).problems(document);
  }
}
