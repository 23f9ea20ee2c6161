// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

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
 * The right to write a store: a lock of the operating system, which ends with the process, on a
 * file that says who holds it. The file stays, since removing it would let two processes lock two
 * files of one name.
 */
public final class ProcessLock implements AutoCloseable {
  /** Beyond the text, which stays readable where locks are mandatory. */
  private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

  private static final Pattern PID = Pattern.compile("pid=([0-9]{1,18}) ");

  /** Closing one would end the lock that another class loader of this process holds on the file. */
  private static final Queue<FileChannel> KEPT_OPEN = new ConcurrentLinkedQueue<>();

  private final FileChannel channel;
  private final FileLock lock;

  private ProcessLock(FileChannel channel, FileLock lock) {
    this.channel = channel;
    this.lock = lock;
  }

  /** Somebody else has the lock. */
  public static final class HeldException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long pid;
    private final String holder;

    HeldException(long pid, String holder) {
      super("locked by " + holder);
      this.pid = pid;
      this.holder = holder;
    }

    /** Returns the process; -1 if it did not say. */
    public long pid() {
      return pid;
    }

    /** Returns who it is, in words. */
    public String holder() {
      return holder;
    }
  }

  /**
   * Takes the lock on a lock file; does not wait.
   *
   * @throws HeldException if somebody else has it
   * @throws IOException if the file cannot be used
   */
  public static ProcessLock take(Path file) throws IOException, HeldException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock(LOCKED_BYTE, 1, false);
    } catch (OverlappingFileLockException e) {
      KEPT_OPEN.add(channel);
      long pid = ProcessHandle.current().pid();
      throw new HeldException(pid, "this process (pid " + pid + "), through another class loader");
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    if (lock == null) {
      channel.close();
      throw heldByAnother(file);
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(holder().getBytes(UTF_8)), 0);
    return new ProcessLock(channel, lock);
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

  private static HeldException heldByAnother(Path file) throws IOException {
    String text = Files.readString(file, UTF_8).strip();
    var pid = PID.matcher(text);
    return pid.lookingAt()
        ? new HeldException(Long.parseLong(pid.group(1)), text)
        : new HeldException(-1, "a process that has just started");
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
  public static void syncFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not every system opens folders; those that do not keep names by themselves.
    }
  }
}
