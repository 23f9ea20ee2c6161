// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file of anchors, one line of JSON each, only appended to. A last line without its end is what a
 * crash leaves behind, and does not count. Not thread safe.
 */
final class AnchorLog implements AutoCloseable {
  private static final int MAX_LINE = 4_096;
  private static final int TAIL_BYTES = 64 * 1024;

  private final FileChannel channel;
  private long length;

  private AnchorLog(FileChannel channel, long length) {
    this.channel = channel;
    this.length = length;
  }

  /** Gets each anchor with its line, from 1. */
  @FunctionalInterface
  interface Reader {
    void read(long line, Anchor anchor) throws IOException;
  }

  /** A line is no anchor. */
  static final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedException(Path file, long line, @Nullable Throwable cause) {
      super("line %d of %s is no anchor".formatted(line, file), cause);
    }
  }

  /** Opens for appending; makes the file if there is none, and cuts off a line without an end. */
  static AnchorLog open(Path file) throws IOException {
    boolean isNew = !Files.exists(file);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      var log = new AnchorLog(channel, endOfLastLine(channel));
      if (isNew) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
          LedgerLock.syncFolder(folder);
        }
      }
      return log;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static long endOfLastLine(FileChannel channel) throws IOException {
    var one = ByteBuffer.allocate(1);
    for (long at = channel.size(); at > 0; at--) {
      one.clear();
      if (channel.read(one, at - 1) == 1 && one.get(0) == '\n') {
        return at;
      }
    }
    return 0;
  }

  /** Appends an anchor; it is on stable storage when this returns. Can be tried again. */
  void append(Anchor anchor) throws IOException {
    long end = write(anchor);
    channel.force(false);
    length = end;
  }

  /** Appends an anchor that {@link #force} brings to stable storage, with others. */
  void appendForLater(Anchor anchor) throws IOException {
    length = write(anchor);
  }

  private long write(Anchor anchor) throws IOException {
    if (channel.size() != length) {
      channel.truncate(length);
    }
    byte[] line = (json(anchor) + "\n").getBytes(UTF_8);
    long at = length;
    for (var bytes = ByteBuffer.wrap(line); bytes.hasRemaining(); ) {
      at += channel.write(bytes, at);
    }
    return at;
  }

  /** Brings what was appended to stable storage. */
  void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static String json(Anchor anchor) {
    var fields = new TreeMap<String, Object>();
    fields.put("ledger", anchor.ledgerId());
    fields.put("sequence", anchor.sequence());
    fields.put("hash", anchor.hash().hex());
    fields.put("at", anchor.at().toString());
    fields.put("epoch", anchor.epoch());
    Anchor.Signature signature = anchor.signature();
    if (signature != null) {
      fields.put("algorithm", signature.algorithm());
      fields.put("key", signature.keyId());
      fields.put("signature", signature.value());
    }
    return Payload.of(fields).json();
  }

  /**
   * Reads all anchors in their order; none if there is no file.
   *
   * @throws MalformedException if a line is no anchor
   */
  static void read(Path file, Reader reader) throws IOException {
    read(file, 0, reader);
  }

  /** Reads the anchors at the end of the file, which is enough to know the last one. */
  static void readTail(Path file, Reader reader) throws IOException {
    try {
      read(file, Math.max(0, Files.size(file) - TAIL_BYTES), reader);
    } catch (NoSuchFileException e) {
      // Then there are none.
    }
  }

  private static void read(Path file, long skip, Reader reader) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), TAIL_BYTES)) {
      in.skipNBytes(skip);
      var line = new ByteArrayOutputStream();
      boolean partial = skip > 0;
      long number = 1;
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next != '\n') {
          line.write(next);
          if (line.size() > MAX_LINE && !partial) {
            throw new MalformedException(file, number, null);
          }
        } else {
          if (!partial) {
            reader.read(number, parse(file, number, line.toString(UTF_8)));
          }
          partial = false;
          line.reset();
          number++;
        }
      }
    } catch (NoSuchFileException e) {
      // Then there are none.
    }
  }

  private static Anchor parse(Path file, long number, String line) throws IOException {
    try {
      Payload json = Payload.json(line);
      var anchor =
          Anchor.of(
              field(json, "/ledger").text(),
              field(json, "/sequence").read(Long.class),
              Digest.parse(field(json, "/hash").text()),
              Instant.parse(field(json, "/at").text()),
              field(json, "/epoch").read(Long.class));
      return json.at("/signature").isEmpty()
          ? anchor
          : anchor.signed(
              new Anchor.Signature(
                  field(json, "/algorithm").text(),
                  field(json, "/key").text(),
                  field(json, "/signature").text()));
    } catch (GovernanceException | DateTimeException e) {
      throw new MalformedException(file, number, e);
    }
  }

  private static Payload field(Payload json, String pointer) {
    return json.at(pointer).orElseThrow(() -> new GovernanceException("there is no " + pointer));
  }
}
