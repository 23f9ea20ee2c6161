// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What cannot be run ends with 2, says where and what to do, prints no result, leaves no folder.
 */
class BadInputTest {
  private static final String LATIN_1 = "latin1.txt";

  @TempDir private Path directory;

  private record Case(
      String name, List<String> args, Map<String, String> environment, List<String> says) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, List<String> args, String... says) {
    return new Case(name, args, Map.of(), List.of(says));
  }

  private static Case of(String variable, String value, String... says) {
    return new Case(
        variable + "=" + value, List.of("run", "x"), Map.of(variable, value), List.of(says));
  }

  private static Case openRouter(String name, List<String> options, String... says) {
    return of(
        name,
        Stream.concat(Stream.of("run", "x", "--mode", "openrouter"), options.stream()).toList(),
        says);
  }

  static Stream<Case> cases() {
    return Stream.of(commands(), objectives(), files(), models(), places(), variables())
        .flatMap(cases -> cases);
  }

  private static Stream<Case> commands() {
    return Stream.of(
        of("no command", List.of(), "Usage: governance"),
        of(
            "an unknown command",
            List.of("rnu"),
            "'rnu'",
            "run, resume, ledger, version",
            "Did you mean 'run'?"),
        of("an objective without a command", List.of("Design it well"), "governance run"),
        of(
            "an unknown option",
            List.of("run", "x", "--tmieout=3"),
            "'--tmieout'",
            "Did you mean '--timeout'?",
            "governance run --help"),
        of("an unknown option with a secret", List.of("run", "x", "--key=sk-1"), "'--key'"),
        of("an option without its value", List.of("run", "x", "--out"), "--out: found no value"),
        of(
            "an option given twice",
            List.of("run", "x", "--timeout", "1s", "--timeout", "2s"),
            "--timeout: found it twice"),
        of(
            "no duration",
            List.of("run", "x", "--timeout", "soon"),
            "--timeout: found 'soon'",
            "2m"),
        of("a blank duration", List.of("run", "x", "--timeout", " "), "--timeout: found an empty"),
        of(
            "a duration of 0",
            List.of("run", "x", "--timeout", "0"),
            "--timeout: found '0'",
            "1 ms"),
        of("a negative duration", List.of("run", "x", "--timeout", "-5s"), "--timeout"));
  }

  private static Stream<Case> objectives() {
    return Stream.of(
        of("no objective", List.of("run"), "found no objective", "in quotes"),
        of("a blank objective", List.of("run", "  "), "objective: found blank text"),
        of("three objectives", List.of("run", "Design", "a", "cache"), "3 objectives", "in quotes"),
        of("an objective with a hyphen", List.of("run", "-design"), "needs -- before it"),
        of("nothing on stdin", List.of("run", "-"), "objective on stdin: found no text"),
        of("a long objective", List.of("run", "x".repeat(100_001)), "100001 characters"));
  }

  private static Stream<Case> files() {
    String where = "--file ";
    return Stream.of(
        of("no such file", List.of("run", "x", "--file", "no.md"), where + "no.md: found no such"),
        of("a folder", List.of("run", "x", "--file", "sub"), where + "sub: found a directory"),
        of("a file without text", List.of("run", "x", "--file", "empty.md"), "found no text"),
        of("a binary file", List.of("run", "x", "--file", "a.bin"), "found binary data"),
        of("another encoding", List.of("run", "x", "--file", LATIN_1), "not UTF-8", "iconv"),
        of(
            "a file that is too large",
            List.of("run", "x", "--file", "big.md"),
            "more than 1,000,000 bytes"),
        of(
            "files that are too large together",
            List.of("run", "x", "--file", "half.md", "--file", "rest.md"),
            "--file rest.md: found more than 1,000,000 bytes, expected all files together"),
        of("a file that cannot be read", List.of("run", "x", "--file", "loop"), "cannot be read"),
        of("an empty path", List.of("run", "x", "--file", ""), "found an empty path"),
        of("no path at all", List.of("run", "x", "--file", "a\0b"), "cannot be a path"),
        of(
            "one file twice",
            List.of("run", "x", "--file", "ok.md", "--file", "./ok.md"),
            "the same file twice"));
  }

  private static Stream<Case> models() {
    return Stream.of(
        of("an unknown mode", List.of("run", "x", "--mode", "lokal"), "--mode: found 'lokal'"),
        of("a model in local mode", List.of("run", "x", "--model", "a/b"), "--mode openrouter"),
        of(
            "a base URL in local mode",
            List.of("run", "x", "--base-url", "https://llm.bank/v1"),
            "--base-url: found a URL in local mode"),
        of(
            "a key in local mode",
            List.of("run", "x", "--api-key", "env:KEY"),
            "--api-key: found a key in local mode"),
        openRouter(
            "a key that is not there",
            List.of(),
            "OPENROUTER_API_KEY",
            "https://openrouter.ai/settings/keys",
            "governance run --mode local"),
        openRouter(
            "http to another machine",
            List.of("--base-url", "http://llm.bank/v1"),
            "http to the host llm.bank"),
        openRouter(
            "a key on the command line",
            List.of("--api-key", "sk-or-v1-0123456789abcdef"),
            "--api-key: found what is no reference"),
        openRouter(
            "a key in a variable that is not set",
            List.of("--base-url", "https://llm.bank/v1", "--api-key", "env:LLM_BANK_KEY"),
            "LLM_BANK_KEY"),
        openRouter("a model with spaces", List.of("--model", "a b"), "--model: found 'a b'"),
        openRouter("a model with a scheme", List.of("--model", "openrouter:a/b"), "name alone"),
        openRouter("a key as a model", List.of("--model", "sk-or-v1-12345"), "a credential"),
        openRouter(
            "no URL", List.of("--base-url", "::"), "--base-url: found a text that is no URL"),
        openRouter("another protocol", List.of("--base-url", "ftp://llm.bank"), "https://"),
        openRouter(
            "a password in a URL", List.of("--base-url", "https://u:pw@llm.bank"), "a user"));
  }

  private static Stream<Case> places() {
    return Stream.of(
        of(
            "a full folder",
            List.of("run", "x", "--out", "sub"),
            "--out sub: found a folder that is"),
        of("a file as folder", List.of("run", "x", "--out", "ok.md"), "--out ok.md: found a file"),
        of("a folder below a file", List.of("run", "x", "--out", "ok.md/a"), "cannot be written"),
        of("an empty folder name", List.of("run", "x", "--out", ""), "found an empty path"),
        of(
            "an unknown ledger",
            List.of("run", "x", "--ledger", "sqlit:a.db"),
            "Did you mean 'sqlite'?"),
        of(
            "three bad places",
            List.of("run", "x", "--ledger", "a", "--blackboard", "b", "--checkpoints", "c:d"),
            "governance: ledger:",
            "governance: blackboard:",
            "governance: checkpoints:"),
        of(
            "a password in a place",
            List.of("run", "x", "--blackboard", "redis://u:geheim@host"),
            "a user or a password"));
  }

  private static Stream<Case> variables() {
    return Stream.of(
        of("ORCHESTRATION_TIMEOUT", "never", "ORCHESTRATION_TIMEOUT: found 'never'"),
        of("GAMMA_STUCK_THRESHOLD", "-1", "GAMMA_STUCK_THRESHOLD: found '-1'"),
        of("GAMMA_CONFLICT_THRESHOLD", "2.5", "GAMMA_CONFLICT_THRESHOLD", "from 1 to 1000"),
        of("GAMMA_COMPLEXITY_THRESHOLD", "80", "GAMMA_COMPLEXITY_THRESHOLD", "from 0 to 1"),
        of("AUTO_ORCHESTRATE", "maybe", "AUTO_ORCHESTRATE: found 'maybe', expected true or false"),
        new Case(
            "two wrong variables",
            List.of("run", "x"),
            Map.of("AUTO_ORCHESTRATE", "1", "GAMMA_STUCK_THRESHOLD", "x"),
            List.of("governance: AUTO_ORCHESTRATE:", "governance: GAMMA_STUCK_THRESHOLD:")));
  }

  @BeforeEach
  void files(@TempDir Path ignored) throws IOException {
    Files.writeString(directory.resolve("ok.md"), "fine");
    Files.writeString(directory.resolve("empty.md"), "\n");
    Files.write(directory.resolve("a.bin"), new byte[] {'P', 'K', 0, 1});
    Files.write(directory.resolve(LATIN_1), new byte[] {'G', 'r', (byte) 0xF6, (byte) 0xDF, 'e'});
    Files.writeString(directory.resolve("big.md"), "x".repeat(1_000_001));
    Files.writeString(directory.resolve("half.md"), "x".repeat(500_000));
    Files.writeString(directory.resolve("rest.md"), "x".repeat(500_001));
    Files.createSymbolicLink(directory.resolve("loop"), Path.of("loop"));
    Files.writeString(Files.createDirectory(directory.resolve("sub")).resolve("a.md"), "a");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefusedWithHelp(Case given) {
    Cli.Outcome outcome =
        Cli.in(directory).environment(given.environment()).run(given.args().toArray(String[]::new));

    assertThat(outcome.err()).contains(given.says());
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).doesNotContain("\tat ", "geheim", "pw@", "sk-1", "sk-or", "..\n");
    assertThat(directory.resolve("runs")).doesNotExist();
  }

  @Test
  void stdinHasToBeUtf8() {
    Cli.Outcome outcome =
        Cli.in(directory).stdin(new byte[] {(byte) 0xC3, '('}).run("run", "-", "--json");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("objective on stdin: found bytes that are not UTF-8");
  }

  @Test
  void anObjectiveIsNoFileOfArguments() {
    Cli.Outcome outcome = Cli.in(directory).run("run", "@ok.md", "--out", "sub");

    assertThat(outcome.err()).contains("--out sub");
  }

  @Test
  void verboseShowsTheStackTrace() {
    Cli.Outcome outcome =
        Cli.in(directory)
            .stdin("x".getBytes(UTF_8))
            .run("run", "-", "--timeout", "soon", "--verbose");

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err()).contains("--timeout: found 'soon'", "\tat io.agentgovernance");
  }
}
