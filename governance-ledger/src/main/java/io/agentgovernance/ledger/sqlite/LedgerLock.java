// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.ledger.LedgerUnavailableException.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/**
 * The right to write a ledger: a lock of the operating system, which ends with the process, on a
 * file that says who holds it. The file stays, since removing it would let two processes lock two
 * files of one name.
 */
final class LedgerLock implements AutoCloseable {
  /** Beyond the text, which stays readable where locks are mandatory. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private static final Pattern PID = Pattern.compile("pid=([0-9]{1,18}) ");

  /** Closing one would end the lock that another class loader of this process holds on the file. */
  private static final Queue<FileChannel> KEPT_OPEN = new ConcurrentLinkedQueue<>();

  private final FileChannel channel;
  private final FileLock lock;

  private LedgerLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the lock; does not wait.
   *
   * @throws LedgerLockedException if somebody else has it
   */
  static LedgerLock take(LedgerPath path) {
    try {
      return tryToTake(path);
    } catch (IOException e) {
      throw new LedgerUnavailableException(
          Reason.FAILED,
          "ledger %s: its lock file %s cannot be used: %s. Make the folder writable."
              .formatted(path, path.lock(), e),
          e);
    }
  }

  private static LedgerLock tryToTake(LedgerPath path) throws IOException {
    FileChannel channel =
        FileChannel.open(path.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock(LOCKED_BYTE, 1, false);
    } catch (OverlappingFileLockException e) {
      KEPT_OPEN.add(channel);
      long pid = ProcessHandle.current().pid();
      throw new LedgerLockedException(
          path.file(), pid, "this process (pid " + pid + "), through another class loader");
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    if (lock == null) {
      channel.close();
      throw lockedByAnother(path);
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(holder().getBytes(UTF_8)), 0);
    return new LedgerLock(channel, lock);
  }

  private static String holder() {
    return "pid=%d host=%s since=%s%n"
        .formatted(ProcessHandle.current().pid(), host(), Instant.now());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  private static LedgerLockedException lockedByAnother(LedgerPath path) throws IOException {
    String text = Files.readString(path.lock(), UTF_8).strip();
    var pid = PID.matcher(text);
    return pid.lookingAt()
        ? new LedgerLockedException(path.file(), Long.parseLong(pid.group(1)), text)
        : new LedgerLockedException(path.file(), -1, "a process that has just started");
  }

  @Override
  public void close() {
    try {
      lock.release();
    } catch (IOException e) {
      // Closing the channel releases it as well.
    } finally {
      closeQuietly(channel);
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // The operating system releases the lock when the process ends.
    }
  }

  /** Makes a new file's name as durable as its content. */
  static void syncFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not every system opens folders; those that do not keep names by themselves.
    }
  }
}
