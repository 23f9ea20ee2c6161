// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that the README has people type do what it says, with the command as built here. */
class ReadmeTest {
  private static final Pattern BLOCK =
      Pattern.compile("<!-- tested: ReadmeTest -->\n```bash\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path directory;

  @Test
  void aKilledRunIsResumedAndItsLedgerVerifies() throws Exception {
    installTheCommand();
    File out = directory.resolve("stdout").toFile();
    File err = directory.resolve("stderr").toFile();

    Process process =
        new ProcessBuilder("bash", "-u", "-c", commands())
            .directory(directory.toFile())
            .redirectOutput(out)
            .redirectError(err)
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();

    String errors = Files.readString(err.toPath());
    assertThat(process.exitValue()).as(errors).isZero();
    assertThat(errors).contains(", resumed\n").doesNotContain("WARN", "warning:");
    assertThat(Files.readString(out.toPath()))
        .startsWith("COMPLETED")
        .contains("repeated model calls: 0")
        .containsPattern("(?m)^OK  \\d+ entries are as written, and the last one is anchored$");
  }

  /** As {@code ./governance}, without building anything. */
  private void installTheCommand() throws IOException {
    String java =
        String.join("' '", CommandProcess.in(directory).builder(GovernanceCommand.class).command());
    Path script = directory.resolve("governance");
    Files.writeString(script, "#!/usr/bin/env bash\nexec '" + java + "' \"$@\"\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  private static String commands() throws IOException {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    Path readme = module.resolveSibling("README.md");
    Matcher block = BLOCK.matcher(Files.readString(readme, UTF_8));
    assertThat(block.find()).as("a block of commands in " + readme).isTrue();
    return block.group(1);
  }
}
