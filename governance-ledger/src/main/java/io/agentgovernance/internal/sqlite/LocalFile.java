// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.sqlite;

import io.agentgovernance.BadInputException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Finds and makes the file of a store: one real path for all ways to write it. */
public final class LocalFile {
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

  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private LocalFile() {}

  /**
   * Finds the real path of a store to be written, which need not exist yet.
   *
   * @param kind what it is, such as "ledger"
   * @param insteadOfNetwork what to do if it is on a network file system
   * @throws BadInputException if it cannot be one
   * @throws IOException if its folder cannot be read
   */
  public static Path toWrite(String kind, String insteadOfNetwork, Path given) throws IOException {
    String where = "path of a " + kind;
    Path absolute = given.toAbsolutePath();
    Path name = absolute.getFileName();
    Path folder = absolute.getParent();
    if (name == null
        || folder == null
        || name.toString().contains("?")
        || Files.isDirectory(absolute)) {
      throw new BadInputException(
          where, "'" + given + "'", "a file, without '?' in its name", "Name a file");
    }
    if (!Files.isDirectory(folder)) {
      throw new BadInputException(
          where,
          "'" + given + "', whose folder does not exist",
          "a file in a folder that exists",
          "Create the folder " + folder);
    }
    if (Files.isSymbolicLink(absolute) && !Files.exists(absolute)) {
      throw new BadInputException(
          where,
          "'" + given + "', a symbolic link to nothing",
          "a file, or a link to one",
          "Name the file the link should point to");
    }
    Path file = Files.exists(absolute) ? absolute.toRealPath() : folder.toRealPath().resolve(name);
    refuseNetwork(where, insteadOfNetwork, file);
    refuseSecondName(where, file);
    return file;
  }

  private static void refuseNetwork(String where, String instead, Path file) throws IOException {
    String type = Files.getFileStore(folder(file)).type();
    if (isNetwork(type) || file.toString().startsWith("\\\\")) {
      throw new BadInputException(
          where,
          "'%s' on a network file system (%s)".formatted(file, type),
          "a disk of this machine",
          instead);
    }
  }

  /** Says whether locks and shared memory of files on such a file store cannot be relied on. */
  public static boolean isNetwork(String type) {
    String lower = type.toLowerCase(Locale.ROOT);
    if (NETWORK.contains(lower)) {
      return true;
    }
    return lower.startsWith("fuse.") && NETWORK_IN_USER_SPACE.contains(lower.substring(5));
  }

  /**
   * A hard link has locks and a write-ahead log of its own: two writers would not see each other.
   */
  private static void refuseSecondName(String where, Path file) throws IOException {
    if (Files.exists(file)
        && file.getFileSystem().supportedFileAttributeViews().contains("unix")
        && Files.getAttribute(file, "unix:nlink") instanceof Integer links
        && links > 1) {
      throw new BadInputException(
          where,
          "'%s', a file with %d names".formatted(file, links),
          "a file with one name",
          "Remove its other hard links");
    }
  }

  /** Returns the folder of a file. */
  public static Path folder(Path file) {
    Path folder = file.getParent();
    return folder == null ? file : folder;
  }

  /** Returns the file beside a file whose name has this at its end. */
  public static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /**
   * Makes a file that only its owner may read and write, where the system has such rights. SQLite
   * gives its log the rights of the file. Does nothing if the file exists.
   */
  public static void makePrivate(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    try {
      if (isPosix(file)) {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException e) {
      // Somebody else made it just now; whoever has the lock goes on.
    }
  }

  /** Says whether others than the owner may do something with a file. */
  public static boolean isShared(Path file) throws IOException {
    return isPosix(file) && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file));
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
