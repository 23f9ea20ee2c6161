// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URI that names a provider and tells it what to open: a scheme, a colon, and a rest that only
 * the provider understands.
 *
 * <p>It never holds a secret: passwords and tokens are named by reference, such as {@code
 * rediss://redis.bank:6380?password=vault:services/dragonfly}. Immutable and thread safe. Two are
 * equal if scheme and rest are.
 */
public final class ProviderUri {
  /** The most characters of a URI. */
  public static final int MAX_LENGTH = 2_048;

  /** The most characters of a scheme. */
  public static final int MAX_SCHEME_LENGTH = 32;

  private static final Pattern SCHEME =
      Pattern.compile("[a-z][a-z0-9+.-]{0," + (MAX_SCHEME_LENGTH - 1) + "}");
  private static final Pattern WINDOWS_PATH = Pattern.compile("[A-Za-z]:[\\\\/](?!/).*");
  private static final String A_URI = "'<scheme>:<rest>' such as 'memory:' or 'redis://host:6379'";
  private static final String A_SCHEME =
      "a scheme of at most "
          + MAX_SCHEME_LENGTH
          + " characters a-z, 0-9, '+', '.' and '-' that begins with a letter";

  private final String where;
  private final String scheme;
  private final String rest;

  private ProviderUri(String where, String scheme, String rest) {
    this.where = where;
    this.scheme = scheme;
    this.rest = rest;
  }

  /**
   * Reads a URI. A plain space may stand inside a path without a host; white space anywhere else,
   * control characters, whatever stands before an {@code @}, and passwords or tokens that are not
   * references are refused.
   *
   * @param where how messages name the place, such as {@code ledger URI}
   * @param text the URI
   * @throws BadInputException if it is none; the message repeats nothing that may be a secret
   */
  public static ProviderUri parse(String where, @Nullable String text) {
    requireNonNull(where, "where");
    if (text == null) {
      throw new BadInputException(where, "null", A_URI, "Name what to open, or pass an instance");
    }
    if (text.isBlank()) {
      String found = text.isEmpty() ? "an empty text" : "only white space";
      throw new BadInputException(where, found, A_URI, "Name what to open, or pass an instance");
    }
    if (text.length() > MAX_LENGTH) {
      throw new BadInputException(
          where,
          text.length() + " characters",
          "at most " + MAX_LENGTH + " characters",
          "Shorten it; bulky configuration belongs in a file or in an instance built by hand");
    }
    refuseInvisible(where, text);
    if (WINDOWS_PATH.matcher(text).matches()) {
      throw new BadInputException(
          where, "what looks like a Windows path", A_URI, "Write 'sqlite:' before the path");
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw withoutColon(where, text);
    }
    String scheme = text.substring(0, colon);
    if (!isScheme(scheme)) {
      throw badScheme(where, scheme);
    }
    String rest = text.substring(colon + 1);
    UriSecrets.refusePlain(where, scheme, rest);
    return new ProviderUri(where, scheme, rest);
  }

  /** Says whether {@code text} may be a scheme. */
  static boolean isScheme(String text) {
    return SCHEME.matcher(text).matches();
  }

  private static void refuseInvisible(String where, String text) {
    for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
      int code = text.codePointAt(at);
      boolean space = Character.isWhitespace(code) || Character.isSpaceChar(code);
      if ((space && !isSpaceInPath(text, at)) || isInvisible(code)) {
        String kind = space ? "white space" : "an invisible or control character";
        throw new BadInputException(
            where,
            "%s (U+%04X) at position %d".formatted(kind, code, at + 1),
            "no white space and no control characters, but for spaces inside a path",
            "Remove it, or write it percent-encoded if the provider decodes that");
      }
    }
  }

  private static boolean isInvisible(int code) {
    return switch (Character.getType(code)) {
      case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED -> true;
      default -> false;
    };
  }

  /** Files may have names with spaces: {@code sqlite:/srv/my data/ledger.db}. */
  private static boolean isSpaceInPath(String text, int at) {
    int path = text.indexOf(':') + 1;
    int query = text.indexOf('?');
    boolean host = text.startsWith("//", path) && !text.startsWith("///", path);
    return text.charAt(at) == ' '
        && path > 0
        && at > path
        && at < text.length() - 1
        && !host
        && (query < 0 || at < query);
  }

  private static BadInputException withoutColon(String where, String text) {
    if (KnownSchemes.contains(text)) {
      return new BadInputException(
          where, "'" + text + "' without a colon", A_URI, "Write '" + text + ":'");
    }
    return new BadInputException(
        where,
        text.length() + " characters without a colon",
        A_URI,
        "Write the scheme first, such as 'openrouter:<vendor>/<model>' or 'sqlite:<path>'");
  }

  private static BadInputException badScheme(String where, String scheme) {
    if (scheme.isEmpty()) {
      return new BadInputException(
          where, "nothing before the colon", A_SCHEME, "Write the scheme first, such as 'memory:'");
    }
    if (scheme.length() > MAX_SCHEME_LENGTH) {
      return new BadInputException(
          where,
          scheme.length() + " characters before the colon",
          A_SCHEME,
          "Write the scheme first, such as 'memory:'");
    }
    String lower = scheme.toLowerCase(Locale.ROOT);
    if (isScheme(lower)) {
      String found = KnownSchemes.contains(lower) ? "'" + scheme + "'" : "a scheme";
      return new BadInputException(
          where, found + " with upper-case letters", A_SCHEME, "Write the scheme in lower case");
    }
    int wrong = 0;
    while (wrong < scheme.length() && isScheme("a" + lower.charAt(wrong))) {
      wrong++;
    }
    return new BadInputException(
        where,
        wrong < scheme.length()
            ? "U+%04X at position %d, in the scheme".formatted(scheme.codePointAt(wrong), wrong + 1)
            : "a scheme that does not begin with a letter",
        A_SCHEME,
        "Write the scheme first, such as 'memory:'");
  }

  /** Returns how messages name the place the URI came from. */
  public String where() {
    return where;
  }

  /** Returns the scheme, in lower case, without the colon. */
  public String scheme() {
    return scheme;
  }

  /**
   * Returns everything after the first colon, unchanged; may be empty. For the provider only: show
   * {@link #safe()} to people.
   */
  public String rest() {
    return rest;
  }

  /**
   * Returns it for messages and logs: what follows the name of the first secret parameter is
   * masked, references included.
   */
  public String safe() {
    return scheme + ":" + UriSecrets.masked(rest);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ProviderUri that
        && scheme.equals(that.scheme)
        && rest.equals(that.rest);
  }

  @Override
  public int hashCode() {
    return 31 * scheme.hashCode() + rest.hashCode();
  }

  /** Returns {@link #safe()}. */
  @Override
  public String toString() {
    return safe();
  }
}
