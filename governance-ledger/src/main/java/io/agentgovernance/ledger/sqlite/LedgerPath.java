// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Where a ledger is: one real path for all ways to write it, so that everybody finds the same lock.
 *
 * @param file the database, absolute and without symbolic links
 */
record LedgerPath(Path file) {
  /** Types of file stores, in lower case, on which SQLite's locks and shared memory do not hold. */
  private static final Set<String> NETWORK =
      Set.of(
          "9p",
          "acfs",
          "afpfs",
          "afs",
          "beegfs",
          "ceph",
          "cifs",
          "coda",
          "davfs",
          "davfs2",
          "glusterfs",
          "gpfs",
          "lustre",
          "ncpfs",
          "nfs",
          "nfs3",
          "nfs4",
          "orangefs",
          "prl_fs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "vboxsf",
          "vmhgfs",
          "webdav");

  private static final Set<String> NETWORK_IN_USER_SPACE =
      Set.of(
          "ceph",
          "davfs",
          "davfs2",
          "gcsfuse",
          "glusterfs",
          "goofys",
          "juicefs",
          "moosefs",
          "mountpoint-s3",
          "rclone",
          "s3fs",
          "sshfs",
          "vmhgfs-fuse");

  /**
   * Finds the real path of a ledger to be written, which need not exist yet.
   *
   * @throws BadInputException if it cannot be one
   * @throws LedgerUnavailableException if its folder cannot be used
   */
  static LedgerPath toWrite(Path given) {
    Path absolute = given.toAbsolutePath();
    Path name = absolute.getFileName();
    Path folder = absolute.getParent();
    if (name == null
        || folder == null
        || name.toString().contains("?")
        || Files.isDirectory(absolute)) {
      throw new BadInputException(
          "path of a ledger", "'" + given + "'", "a file, without '?' in its name", "Name a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          "path of a ledger",
          "'" + given + "', whose folder does not exist",
          "a file in a folder that exists",
          "Create the folder " + folder);
    }
    if (Files.isSymbolicLink(absolute) && !Files.exists(absolute)) {
      throw new BadInputException(
          "path of a ledger",
          "'" + given + "', a symbolic link to nothing",
          "a file, or a link to one",
          "Name the file the link should point to");
    }
    try {
      LedgerPath path = real(absolute, folder, name);
      refuseNetwork(path.file());
      refuseSecondName(path.file());
      return path;
    } catch (IOException e) {
      throw new LedgerUnavailableException(
          Reason.FAILED, "ledger " + given + ": its folder cannot be read: " + e + ".", e);
    }
  }

  /** Finds the real path of a ledger to be read. */
  static LedgerPath toRead(Path given) throws IOException {
    return new LedgerPath(given.toRealPath());
  }

  private static LedgerPath real(Path absolute, Path folder, Path name) throws IOException {
    return new LedgerPath(
        Files.exists(absolute) ? absolute.toRealPath() : folder.toRealPath().resolve(name));
  }

  private static void refuseNetwork(Path file) throws IOException {
    String type = Files.getFileStore(folder(file)).type();
    if (isNetwork(type) || file.toString().startsWith("\\\\")) {
      throw new BadInputException(
          "path of a ledger",
          "'%s' on a network file system (%s)".formatted(file, type),
          "a disk of this machine",
          "Put the ledger on a local disk and send its anchors elsewhere with an AnchorSink");
    }
  }

  /** Says whether locks and shared memory of files on such a store cannot be relied on. */
  static boolean isNetwork(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    if (NETWORK.contains(lower)) {
      return true;
    }
    return lower.startsWith("fuse.") && NETWORK_IN_USER_SPACE.contains(lower.substring(5));
  }

  /**
   * A hard link has locks and a write-ahead log of its own: two writers would not see each other.
   */
  private static void refuseSecondName(Path file) throws IOException {
    if (Files.exists(file)
        && file.getFileSystem().supportedFileAttributeViews().contains("unix")
        && Files.getAttribute(file, "unix:nlink") instanceof Integer links
        && links > 1) {
      throw new BadInputException(
          "path of a ledger",
          "'%s', a file with %d names".formatted(file, links),
          "a file with one name",
          "Remove its other hard links");
    }
  }

  Path folder() {
    return folder(file);
  }

  private static Path folder(Path file) {
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }

  Path anchors() {
    return beside(".anchors");
  }

  Path lock() {
    return beside(".lock");
  }

  Path log() {
    return beside("-wal");
  }

  private Path beside(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
