// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.secret;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of texts: those that were read from a secret source, in whatever form they are
 * written, and whatever has the shape of a well-known kind of key. Thread safe.
 *
 * <p>An orchestrator passes what enters a run and what leaves it through its redactor; a host may
 * pass its own texts through {@link #redact} too. A text without secrets is returned as it is, the
 * same object.
 *
 * <p>It keeps no secret: a value is known by salted digests of it and of its forms, which are
 * forgotten when the {@link Registration} is closed. The forms are: as it is, in a URL, in JSON,
 * and in Base64 at any offset; of a value of several lines each line too. A form of fewer than
 * {@value #MIN_LENGTH} characters is not looked for, because it would be found everywhere.
 */
public final class Redactor {
  /** What stands in the place of a secret. */
  public static final String MASK = "[redacted]";

  /** The length of the shortest secret that is recognised by its value. */
  public static final int MIN_LENGTH = 8;

  /** The most values that are recognised at a time. */
  public static final int MAX_VALUES = 20_000;

  private static final Redactor NONE = new Redactor(List.of(), null);

  private final List<KeyShape> shapes;
  private final @Nullable KnownValues values;

  private Redactor(List<KeyShape> shapes, @Nullable KnownValues values) {
    this.shapes = shapes;
    this.values = values;
  }

  /**
   * A value that is looked for until this is closed. {@link #close} is idempotent and does not
   * block.
   */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  /** Returns a new redactor for registered values and for the well-known kinds of keys. */
  public static Redactor standard() {
    return new Redactor(KeyShape.WELL_KNOWN, new KnownValues(MAX_VALUES));
  }

  /** Returns the redactor that redacts nothing. */
  public static Redactor none() {
    return NONE;
  }

  /**
   * Returns a redactor for the same values that looks for one more shape. The pattern must take
   * time in proportion to the text: it sees whatever passes through a run.
   */
  public Redactor with(Pattern shape) {
    List<KeyShape> more = new ArrayList<>(shapes);
    more.add(KeyShape.of(shape));
    return new Redactor(List.copyOf(more), values);
  }

  /**
   * Has a value looked for. The characters are not kept.
   *
   * @throws IllegalStateException if {@value #MAX_VALUES} values are looked for already
   */
  public Registration register(char[] value) {
    return values == null ? () -> {} : values.register(value);
  }

  /** Returns the text with {@value #MASK} in the place of each secret. */
  public String redact(String text) {
    List<int[]> found = null;
    if (values != null) {
      found = values.find(text);
    }
    for (KeyShape shape : shapes) {
      found = shape.find(text, found);
    }
    return found == null || found.isEmpty() ? text : masked(text, found);
  }

  /**
   * Returns the text redacted and on one line: line breaks and other control characters are written
   * out, as {@code \n}, so that a log line cannot be made up.
   */
  public String redactLine(String text) {
    return onOneLine(redact(text));
  }

  private static String masked(String text, List<int[]> found) {
    found.sort((a, b) -> Integer.compare(a[0], b[0]));
    StringBuilder clean = new StringBuilder(text.length());
    int at = 0;
    int masked = -1;
    for (int[] range : found) {
      if (range[0] >= at) {
        clean.append(text, at, range[0]);
        if (masked != range[0] || masked < 0) {
          clean.append(MASK);
        }
      }
      at = Math.max(at, range[1]);
      masked = at;
    }
    return clean.append(text, at, text.length()).toString();
  }

  private static final Map<Character, String> WRITTEN =
      Map.of('\n', "\\n", '\r', "\\r", '\t', "\\t");

  private static String onOneLine(String text) {
    StringBuilder line = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean breaks = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
      if (breaks && line == null) {
        line = new StringBuilder(text.length() + 16).append(text, 0, i);
      }
      if (line != null) {
        if (breaks) {
          String written = WRITTEN.get(c);
          line.append(written == null ? "\\u%04x".formatted((int) c) : written);
        } else {
          line.append(c);
        }
      }
    }
    return line == null ? text : line.toString();
  }

  /** Shows nothing of what it looks for. */
  @Override
  public String toString() {
    return "Redactor[" + (this == NONE ? "none" : shapes.size() + " shapes") + "]";
  }
}
