// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import java.util.Arrays;

/**
 * Cuts a stream of bytes into the data of server-sent events, wherever the bytes are split. Works
 * on bytes, so that a character cut in two is none of its concern. Not thread safe.
 *
 * <p>Lines end with LF, CRLF or CR. Comments and fields other than {@code data} are skipped, data
 * of several lines is joined with LF, an event without data is none. Other than the standard says,
 * an event that the end of the stream cuts short of its blank line is delivered by {@link #end}:
 * some servers leave it out.
 */
final class SseDecoder {
  /** Takes the data of an event. The array is reused: what is to last has to be copied. */
  @FunctionalInterface
  interface Sink {
    void event(byte[] data, int length);
  }

  /** A line or an event is longer than allowed. */
  static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLongException(String what, int limit) {
      super(what + " of more than " + limit + " bytes");
    }
  }

  private static final byte[] BOM = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final byte[] DATA = {'d', 'a', 't', 'a'};

  private final Sink sink;
  private byte[] line = new byte[512];
  private int lineLength;
  private byte[] data = new byte[1024];
  private int dataLength;
  private boolean hasData;
  private boolean afterCr;
  private boolean firstLine = true;

  SseDecoder(Sink sink) {
    this.sink = sink;
  }

  /**
   * Takes the next bytes.
   *
   * @throws TooLongException if a line or an event is longer than {@link Limits} allows
   */
  void feed(byte[] bytes, int from, int length) {
    int end = from + length;
    int start = from;
    for (int at = from; at < end; at++) {
      byte b = bytes[at];
      if (b != '\n' && b != '\r') {
        afterCr = false;
        continue;
      }
      if (b == '\n' && afterCr) {
        afterCr = false;
        start = at + 1;
        continue;
      }
      afterCr = b == '\r';
      if (lineLength == 0) {
        line(bytes, start, at - start);
      } else {
        keep(bytes, start, at - start);
        int whole = lineLength;
        lineLength = 0;
        line(line, 0, whole);
      }
      start = at + 1;
    }
    keep(bytes, start, end - start);
  }

  /** Ends the stream: what is there counts. */
  void end() {
    if (lineLength > 0) {
      int whole = lineLength;
      lineLength = 0;
      line(line, 0, whole);
    }
    dispatch();
  }

  private void keep(byte[] bytes, int from, int length) {
    if (length == 0) {
      return;
    }
    if (length > Limits.LINE_BYTES - lineLength) {
      throw new TooLongException("a line", Limits.LINE_BYTES);
    }
    line = grown(line, lineLength + length);
    System.arraycopy(bytes, from, line, lineLength, length);
    lineLength += length;
  }

  private void line(byte[] bytes, int from, int length) {
    int start = from;
    int rest = length;
    if (firstLine) {
      firstLine = false;
      if (startsWith(bytes, start, rest, BOM)) {
        start += BOM.length;
        rest -= BOM.length;
      }
    }
    if (rest == 0) {
      dispatch();
      return;
    }
    if (!startsWith(bytes, start, rest, DATA)) {
      return;
    }
    start += DATA.length;
    rest -= DATA.length;
    if (rest == 0) {
      append(bytes, start, 0);
    } else if (bytes[start] == ':') {
      int skip = rest > 1 && bytes[start + 1] == ' ' ? 2 : 1;
      append(bytes, start + skip, rest - skip);
    }
  }

  private void append(byte[] bytes, int from, int length) {
    int needed = length + (hasData ? 1 : 0);
    if (needed > Limits.EVENT_BYTES - dataLength) {
      throw new TooLongException("an event", Limits.EVENT_BYTES);
    }
    data = grown(data, dataLength + needed);
    if (hasData) {
      data[dataLength++] = '\n';
    }
    hasData = true;
    System.arraycopy(bytes, from, data, dataLength, length);
    dataLength += length;
  }

  private void dispatch() {
    if (hasData) {
      int length = dataLength;
      hasData = false;
      dataLength = 0;
      sink.event(data, length);
    }
  }

  private static boolean startsWith(byte[] bytes, int from, int length, byte[] prefix) {
    return length >= prefix.length
        && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
  }

  private static byte[] grown(byte[] array, int needed) {
    return needed <= array.length
        ? array
        : Arrays.copyOf(array, Math.max(needed, Math.min(array.length * 2, Limits.EVENT_BYTES)));
  }
}
