// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretSourceTest {
  @TempDir private Path folder;

  @Test
  void aVariableIsReadAsItIs() {
    SecretSource source = SecretSource.environment(Map.of("KEY", " v4lue\n"));

    assertThat(text(source, "env:KEY")).isEqualTo(" v4lue\n");
    assertThat(source.reads("env:KEY")).isTrue();
    assertThat(source.reads("file:KEY")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "env:OTHER, ABSENT, export OTHER=",
    "env:BLANK, UNUSABLE, export BLANK=",
    "env:, UNUSABLE, not the value",
    "env:sk-or-v1-0123456789abcdef, UNUSABLE, not the value",
    "file:KEY, UNUSABLE, not the value"
  })
  void aVariableThatHoldsNoSecretIsToldWithWhatToDo(
      String reference, Reason reason, String advice) {
    SecretSource source = SecretSource.environment(Map.of("KEY", "v4lue", "BLANK", " "));

    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> source.read(reference))
        .withMessageContaining(advice)
        .withMessageNotContainingAny("0123456789abcdef", "v4lue")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
        .satisfies(e -> assertThat(e.retryable()).isFalse());
  }

  @ParameterizedTest
  @ValueSource(strings = {"v4lue", "v4lue\n", "v4lue\r\n"})
  void oneLineBreakAtTheEndOfAFileIsNotPartOfTheSecret(String content) throws IOException {
    write("key", content, "rw-------");

    assertThat(text(SecretSource.files(folder), "file:key")).isEqualTo("v4lue");
  }

  @Test
  void everythingElseInAFileIs() throws IOException {
    write("key", " -----BEGIN-----\nabc ü\n\n", "rw-r-----");

    assertThat(text(SecretSource.files(folder), "file:" + folder.resolve("key")))
        .isEqualTo(" -----BEGIN-----\nabc ü\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw--w----", "rw-----w-", "rw-rw-rw-"})
  void aFileThatIsOpenToOthersIsRefused(String permissions) throws IOException {
    assumeTrue(isPosix(), "this file system has no POSIX permissions");
    write("key", "v4lue", permissions);

    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> SecretSource.files(folder).read("file:key"))
        .withMessageContaining(permissions)
        .withMessageContaining("chmod 600")
        .withMessageNotContaining("v4lue")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSAFE));
  }

  @Test
  void whatIsNoSecretIsToldWithoutItsContent() throws IOException {
    write("empty", "", "rw-------");
    write("line", "\n", "rw-------");
    write("large", "x".repeat(64 * 1024 + 1), "rw-------");
    Files.write(folder.resolve("bytes"), new byte[] {'v', '4', (byte) 0xff});
    restrict(folder.resolve("bytes"), "rw-------");

    refuses("file:empty", Reason.UNUSABLE, "an empty file");
    refuses("file:line", Reason.UNUSABLE, "an empty file");
    refuses("file:large", Reason.UNUSABLE, "more than 65536 bytes");
    refuses("file:bytes", Reason.UNUSABLE, "no text in UTF-8");
    refuses("file:missing", Reason.ABSENT, "no such file");
    refuses("file:" + folder, Reason.UNUSABLE, "no regular file");
    refuses("file:", Reason.UNUSABLE, "no path");
    refuses("file:\0", Reason.UNUSABLE, "no path");
  }

  @Test
  void theLargestFileIsRead() throws IOException {
    write("large", "x".repeat(64 * 1024), "rw-------");

    assertThat(text(SecretSource.files(folder), "file:large")).hasSize(64 * 1024);
  }

  private void refuses(String reference, Reason reason, String found) {
    assertThatExceptionOfType(SecretUnavailableException.class)
        .isThrownBy(() -> SecretSource.files(folder).read(reference))
        .withMessageContaining(found)
        .withMessageContaining("expected")
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
        .satisfies(e -> assertThat(e.getCause()).isNull());
  }

  private void write(String name, String content, String permissions) throws IOException {
    restrict(Files.write(folder.resolve(name), content.getBytes(UTF_8)), permissions);
  }

  private void restrict(Path file, String permissions) throws IOException {
    if (isPosix()) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
  }

  private boolean isPosix() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static String text(SecretSource source, String reference) {
    try (var secret = source.read(reference)) {
      return secret.use(String::new);
    }
  }
}
