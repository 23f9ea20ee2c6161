// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.event.Event;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.payload.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {
  private static final String OBJECTIVE = "Design a cache for 10k reads/s";
  private static final ChatModel REFUSING =
      (request, exchange) -> {
        throw new ModelException(
            ModelException.Kind.AUTHENTICATION, "test: the key was not accepted");
      };

  @TempDir private Path directory;

  private List<Event> events(String folder) throws IOException {
    return Files.readAllLines(directory.resolve(folder).resolve("events.jsonl")).stream()
        .map(Event::parse)
        .toList();
  }

  private String file(String folder, String name) throws IOException {
    return Files.readString(directory.resolve(folder).resolve(name));
  }

  @Test
  void showsTimelineAndResultAndKeepsTheFiles() throws IOException {
    Cli.Outcome outcome = Cli.in(directory).run("run", OBJECTIVE);

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err())
        .contains("mode local", "spawned", "posts proposal 1", "accepts proposal 1", "consensus")
        .doesNotContain("\u001b");
    assertThat(outcome.out())
        .startsWith("COMPLETED  solution accepted")
        .contains("cache", "ALPHA", "BETA", "total", "Files in runs/", "report.md")
        .doesNotContain("\u001b");
    try (var runs = Files.list(directory.resolve("runs"))) {
      Path run = runs.findFirst().orElseThrow();
      assertThat(run).isDirectoryContaining("glob:**/report.md");
      assertThat(run).isDirectoryContaining("glob:**/events.jsonl");
      assertThat(run).isDirectoryContaining("glob:**/diagram.mmd");
    }
  }

  @Test
  void keepsEveryEventInOrder() throws IOException {
    Cli.in(directory).run("run", OBJECTIVE, "--out", "here");

    List<Event> events = events("here");

    assertThat(events.stream().map(Event::sequence))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, events.size()).mapToObj(Long::valueOf).toList());
    assertThat(events.get(events.size() - 1).terminal()).isTrue();
    assertThat(file("here", "diagram.mmd")).startsWith("sequenceDiagram\n");
    assertThat(file("here", "report.md")).contains("# Report of run", OBJECTIVE);
  }

  @Test
  void printsOneJsonObjectAndNothingElse() {
    Cli.Outcome outcome = Cli.in(directory).run("run", OBJECTIVE, "--json", "--quiet");

    Payload result = Payload.json(outcome.out());
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out().lines()).hasSize(1);
    assertThat(result.at("/status").map(Payload::text)).contains("COMPLETED");
    assertThat(result.at("/outcome/kind").map(Payload::text)).contains("ACCEPTED");
    assertThat(result.at("/solution/body").map(Payload::text).orElseThrow()).contains("cache");
    assertThat(result.at("/files/report").map(Payload::text).map(Path::of).orElseThrow()).exists();
  }

  @Test
  void readsTheObjectiveFromStdinAndDocumentsFromFiles() throws IOException {
    Files.writeString(directory.resolve("a.md"), "\uFEFFThe cache must expire after 90 s.");
    Path other = Files.createDirectory(directory.resolve("other"));
    Files.writeString(other.resolve("a.md"), "Writes go through to PostgreSQL.");

    Cli.Outcome outcome =
        Cli.in(directory)
            .stdin("Entwirf einen Cache für Größe\n".getBytes(UTF_8))
            .run("run", "-", "--file", "a.md", "--file", "other/a.md", "--out", "o");

    assertThat(outcome.exitCode()).isZero();
    assertThat(file("o", "report.md"))
        .contains("Objective: Entwirf einen Cache für Größe\n", "90 s", "PostgreSQL", "other/a.md");
  }

  @Test
  void anEmptyFolderIsFine() throws IOException {
    Files.createDirectory(directory.resolve("empty"));

    assertThat(Cli.in(directory).run("run", "x", "--out", "empty").exitCode()).isZero();
    assertThat(directory.resolve("empty/report.md")).exists();
  }

  @Test
  void aRunThatDoesNotBeginLeavesNothingButTheFolderThatWasThere() throws IOException {
    Files.createDirectory(directory.resolve("there"));

    assertThat(Cli.in(directory).run("run", "x", "--out", "there", "--ledger", "no:x").exitCode())
        .isEqualTo(2);
    assertThat(Cli.in(directory).run("run", "x", "--out", "a/b", "--ledger", "no:x").exitCode())
        .isEqualTo(2);

    assertThat(directory.resolve("there")).isEmptyDirectory();
    assertThat(directory.resolve("a")).doesNotExist();
  }

  @Test
  void reportsWhatItHasWhenTheTimeIsOver() throws IOException {
    Cli.Outcome outcome =
        Cli.in(directory)
            .model(new HangingModel(() -> {}))
            .run("run", OBJECTIVE, "--timeout", "200ms", "--out", "o", "--json");

    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(Payload.json(outcome.out()).at("/status").map(Payload::text)).contains("TIMEOUT");
    assertThat(file("o", "report.md")).contains("TIMEOUT");
    assertThat(events("o")).last().matches(Event::terminal);
    assertThat(directory.resolve("o/diagram.mmd")).exists();
  }

  @Test
  void anInterruptStopsTheRunAndKeepsItsFiles() throws IOException {
    AtomicReference<Runnable> interrupt = new AtomicReference<>();
    AtomicReference<Thread> asked = new AtomicReference<>();

    Cli.Outcome outcome =
        Cli.in(directory)
            .interrupts(
                stop -> {
                  interrupt.set(stop);
                  return () -> interrupt.set(null);
                })
            .model(
                new HangingModel(
                    () -> {
                      Thread signal = new Thread(() -> interrupt.get().run());
                      if (asked.compareAndSet(null, signal)) {
                        signal.start();
                      }
                    }))
            .run("run", OBJECTIVE, "--out", "o");

    assertThat(outcome.exitCode()).isEqualTo(4);
    assertThat(outcome.out()).startsWith("STOPPED  stopped by host: interrupted");
    assertThat(outcome.err()).contains("stop asked for by host: interrupted");
    assertThat(file("o", "report.md")).contains("STOPPED");
    assertThat(events("o")).last().matches(Event::terminal);
    assertThat(interrupt).hasNullValue();
  }

  @Test
  void aRunWhoseAgentsFailEndsWith1() throws IOException {
    Cli.Outcome outcome = Cli.in(directory).model(REFUSING).run("run", OBJECTIVE, "--out", "o");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out())
        .startsWith("FAILED  every agent failed")
        .contains("the key was not accepted");
    assertThat(outcome.err()).contains("error 1", "ends FAILED", "hands off");
    assertThat(file("o", "report.md")).contains("FAILED");
  }

  @Test
  void aResultThatCannotBePrintedEndsWith1ButHasItsFiles() throws IOException {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException("no space left");
          }
        };

    Cli.Outcome outcome = Cli.in(directory).out(full).run("run", OBJECTIVE, "--out", "o");

    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("warning: stdout could not be written");
    assertThat(file("o", "report.md")).contains("COMPLETED");
  }

  @Test
  void aSettingFromTheEnvironmentCountsUnlessAnOptionWins() {
    Cli cli =
        Cli.in(directory)
            .model(new HangingModel(() -> {}))
            .environment(Map.of("ORCHESTRATION_TIMEOUT", "150ms"));

    Cli.Outcome variable = cli.run("run", OBJECTIVE, "--json", "--quiet");
    Cli.Outcome option = cli.run("run", OBJECTIVE, "--json", "--quiet", "--timeout", "160ms");

    assertThat(Payload.json(variable.out()).at("/outcome/after_ms").map(Payload::text))
        .contains("150");
    assertThat(Payload.json(option.out()).at("/outcome/after_ms").map(Payload::text))
        .contains("160");
  }

  @Test
  void modelsAndBaseUrlReachTheProvider() throws Exception {
    Path services = Files.createDirectories(directory.resolve("cp/META-INF/services"));
    Files.writeString(
        services.resolve("io.agentgovernance.spi.ChatModelProvider"),
        RecordingProvider.class.getName());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    URL[] path = {directory.resolve("cp/").toUri().toURL()};
    try (URLClassLoader loader = onlyItsOwnModels(path, before)) {
      thread.setContextClassLoader(loader);
      Cli.in(directory)
          .run(
              "run",
              "x",
              "--mode",
              "openrouter",
              "--model",
              "a/b",
              "--model",
              "c/d",
              "--base-url",
              "https://llm.bank/v1");
    } finally {
      thread.setContextClassLoader(before);
    }

    assertThat(RecordingProvider.opened())
        .containsExactly("a/b at https://llm.bank/v1", "c/d at https://llm.bank/v1");
  }

  /** The module of OpenRouter is on the class path too, and two of one scheme are an error. */
  private static URLClassLoader onlyItsOwnModels(URL[] path, ClassLoader parent) {
    return new URLClassLoader(path, parent) {
      @Override
      public Enumeration<URL> getResources(String name) throws IOException {
        return name.endsWith(".ChatModelProvider") ? findResources(name) : super.getResources(name);
      }
    };
  }

  @Test
  void saysThatAModelFromTheEnvironmentIsNotUsed() {
    Cli.Outcome outcome =
        Cli.in(directory).environment(Map.of("OPENROUTER_MODEL", "a/b")).run("run", "x", "--quiet");

    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).contains("warning: OPENROUTER_MODEL is set but not used");
  }
}
