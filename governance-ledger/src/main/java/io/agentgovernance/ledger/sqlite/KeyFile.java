// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import io.agentgovernance.secret.Log;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;

/** A signing key in a file that only its owner can read. */
final class KeyFile {
  private static final Log log = Log.of(KeyFile.class);

  private KeyFile() {}

  /** Returns where the key of a ledger is unless somebody names another place. */
  static Path usual(String ledgerId) {
    return Path.of(System.getProperty("user.home"), ".agentgovernance", "keys", ledgerId + ".key");
  }

  /** Returns the file of a key's public half. */
  static Path publicHalf(Path key) {
    return key.resolveSibling(key.getFileName() + ".pub");
  }

  /**
   * Reads the key, or makes one if the ledger has no anchors yet.
   *
   * @param signedBy the key that signed the last anchor, empty if there is none
   */
  static AnchorKey open(LedgerPath ledger, Path file, String signedBy) {
    try {
      if (Files.exists(file)) {
        warnIfOpenToOthers(file);
        return read(file);
      }
      if (!signedBy.isEmpty()) {
        throw new LedgerUnavailableException(
            Reason.FAILED,
            "ledger %s: its anchors are signed by key %s, but there is no key in %s. Restore that file. If the key is lost, make another with 'openssl genpkey -algorithm ed25519', name it as the ledger's key, and keep the old public key for verifying."
                .formatted(ledger, signedBy, file));
      }
      AnchorKey made = AnchorKey.generate();
      if (!write(file, made)) {
        return read(file); // another process made it meanwhile
      }
      log.info(
          "ledger {}: made signing key {} in {}. Keep a copy of the .pub file where this host cannot change it.",
          ledger,
          made.id(),
          file);
      return made;
    } catch (IOException | UnsupportedOperationException e) {
      throw new LedgerUnavailableException(
          Reason.FAILED,
          "ledger %s: its signing key %s cannot be read or made: %s. Make the folder writable, or name another file as the ledger's key."
              .formatted(ledger, file, e),
          e);
    }
  }

  /** Returns false if there is one already. */
  private static boolean write(Path file, AnchorKey key) throws IOException {
    Path absolute = file.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null) {
      throw new IOException("a key needs a file name");
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, mode(folder, "rwx------"));
    }
    Path name = absolute.getFileName();
    Path unfinished = absolute.resolveSibling(name + "." + UUID.randomUUID() + ".new");
    Files.createFile(unfinished, mode(folder, "rw-------"));
    try {
      put(unfinished, key.pem());
      Files.createLink(absolute, unfinished); // of several that make one at once the first wins
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.deleteIfExists(unfinished);
    }
    writePublicHalf(absolute, key);
    LedgerLock.syncFolder(folder);
    return true;
  }

  private static AnchorKey read(Path file) throws IOException {
    byte[] pem = Files.readAllBytes(file);
    AnchorKey key = AnchorKey.parse("signing key " + file, new String(pem, US_ASCII).toCharArray());
    if (Files.notExists(publicHalf(file))) {
      writePublicHalf(file, key); // its maker died before it could, or is about to
    }
    return key;
  }

  private static void writePublicHalf(Path file, AnchorKey key) throws IOException {
    Path publicHalf = publicHalf(file);
    Path unfinished =
        publicHalf.resolveSibling(publicHalf.getFileName() + "." + UUID.randomUUID() + ".new");
    Files.createFile(unfinished);
    put(unfinished, AnchorKeys.pem(key.publicKey()).getBytes(US_ASCII));
    Files.move(unfinished, publicHalf, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void put(Path file, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (var bytes = ByteBuffer.wrap(content); bytes.hasRemaining(); ) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] mode(Path near, String permissions) {
    return near.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static void warnIfOpenToOthers(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> others =
        EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    others.retainAll(Files.getPosixFilePermissions(file));
    if (!others.isEmpty()) {
      log.warn(
          "signing key {} is open to others ({}): whoever reads it can sign anchors. Run: chmod 600 {}",
          file,
          PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
          file);
    }
  }
}
