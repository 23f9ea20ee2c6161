// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.spi.AnchorSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps anchors in a file, one line of JSON each: on another disk, or on a mount of another machine
 * that this one can only append to. Each is on stable storage before {@link #anchor} returns.
 *
 * <p>Thread safe. Anchors of several ledgers may go to one file; use one instance for all of them.
 */
public final class FileAnchorSink implements AnchorSink {
  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();
  private final AnchorLog log;

  /**
   * Opens the file; makes it if there is none.
   *
   * @throws BadInputException if it cannot be written
   */
  public FileAnchorSink(Path file) {
    this.file = requireNonNull(file, "file");
    try {
      this.log = AnchorLog.open(file);
    } catch (IOException e) {
      throw new BadInputException(
          "file of an anchor sink",
          "'%s', which cannot be written (%s)".formatted(file, e),
          "a file in a folder that exists",
          "Create the folder, or allow writing there",
          e);
    }
  }

  /**
   * Reads what a file of anchors holds, in its order. Blocks for the file.
   *
   * @throws BadInputException if a line is no anchor, or the file cannot be read
   */
  public static List<Anchor> read(Path file) {
    var anchors = new ArrayList<Anchor>();
    try {
      AnchorLog.read(file, (line, anchor) -> anchors.add(anchor));
    } catch (IOException e) {
      throw new BadInputException(
          "file of anchors " + file,
          String.valueOf(e.getMessage()),
          "one anchor in each line",
          "Name the file an anchor sink wrote",
          e);
    }
    return List.copyOf(anchors);
  }

  /** {@inheritDoc} Blocks for the disk. */
  @Override
  public void anchor(Anchor anchor) {
    lock.lock();
    try {
      log.append(anchor);
    } catch (IOException e) {
      throw new UncheckedIOException("anchor sink " + file + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  /** Closes the file. */
  @Override
  public void close() {
    lock.lock();
    try {
      Connections.closeQuietly(log);
    } finally {
      lock.unlock();
    }
  }
}
