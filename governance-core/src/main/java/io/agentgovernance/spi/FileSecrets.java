// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Secrets in files. */
final class FileSecrets implements SecretSource {
  static final String PREFIX = "file:";
  static final int MAX_BYTES = 64 * 1024;

  private static final String EXPECTED = "a file that holds the secret and nothing else";
  private static final Set<PosixFilePermission> TOO_OPEN =
      Set.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Path folder;

  FileSecrets(Path folder) {
    this.folder = requireNonNull(folder, "folder");
  }

  @Override
  public boolean reads(String reference) {
    return reference.startsWith(PREFIX);
  }

  @Override
  public Secret read(String reference) {
    Path file = file(reference);
    byte[] content = new byte[MAX_BYTES + 1];
    try {
      if (!Files.isRegularFile(file)) {
        throw Files.exists(file)
            ? refused(
                Reason.UNUSABLE, reference, "what is no regular file", "Name the file itself.")
            : refused(Reason.ABSENT, reference, "no such file", "Make the file, or name another.");
      }
      refuseIfTooOpen(reference, file);
      int length = fill(file, content);
      if (length > MAX_BYTES) {
        throw refused(
            Reason.UNUSABLE,
            reference,
            "more than " + MAX_BYTES + " bytes",
            "Name a file that holds one secret.");
      }
      return secret(reference, content, length);
    } catch (AccessDeniedException e) {
      throw new SecretUnavailableException(
          Reason.DENIED,
          reference,
          "a file this process may not read",
          EXPECTED,
          "Let the user that runs this process own it: chown, then chmod 600.",
          e);
    } catch (IOException e) {
      throw new SecretUnavailableException(
          Reason.UNAVAILABLE,
          reference,
          "a file that cannot be read (" + e.getClass().getSimpleName() + ")",
          EXPECTED,
          "Look at the file system.",
          e);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }

  private Path file(String reference) {
    String path = reads(reference) ? reference.substring(PREFIX.length()) : "";
    try {
      if (!path.isBlank()) {
        return folder.resolve(path);
      }
    } catch (InvalidPathException e) {
      throw refused(Reason.UNUSABLE, PREFIX + "...", "what is no path", "Write 'file:<path>'.");
    }
    throw refused(Reason.UNUSABLE, PREFIX, "no path", "Write 'file:<path>'.");
  }

  private static void refuseIfTooOpen(String reference, Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    Set<PosixFilePermission> wrong = EnumSet.noneOf(PosixFilePermission.class);
    wrong.addAll(permissions);
    wrong.retainAll(TOO_OPEN);
    if (!wrong.isEmpty()) {
      throw new SecretUnavailableException(
          Reason.UNSAFE,
          reference,
          "a file with permissions " + PosixFilePermissions.toString(permissions),
          "one that only its owner may change and not everybody may read",
          "Run: chmod 600 <the file>; in Kubernetes set defaultMode: 0400. If anybody could have"
              + " read it, replace the secret.");
    }
  }

  private static int fill(Path file, byte[] content) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(content, 0, content.length);
    }
  }

  private static Secret secret(String reference, byte[] content, int length) {
    CharBuffer text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(content, 0, length));
    } catch (CharacterCodingException e) {
      // No cause: a decoder may say what it could not decode.
      throw refused(
          Reason.UNUSABLE, reference, "bytes that are no text in UTF-8", "Store it as text.");
    }
    try {
      int end = text.length();
      if (end > 0 && text.get(end - 1) == '\n') {
        end -= end > 1 && text.get(end - 2) == '\r' ? 2 : 1;
      }
      if (text.subSequence(0, end).chars().allMatch(Character::isWhitespace)) {
        throw refused(
            Reason.UNUSABLE, reference, "an empty file", "Write the secret into the file.");
      }
      char[] value = new char[end];
      text.get(0, value);
      try {
        return Secret.of(value);
      } finally {
        Arrays.fill(value, '\0');
      }
    } finally {
      Arrays.fill(text.array(), '\0');
    }
  }

  private static SecretUnavailableException refused(
      Reason reason, String reference, String found, String advice) {
    return new SecretUnavailableException(reason, reference, found, EXPECTED, advice);
  }

  @Override
  public String toString() {
    return "SecretSource[file]";
  }
}
