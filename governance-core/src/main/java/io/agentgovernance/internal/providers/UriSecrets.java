// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import io.agentgovernance.BadInputException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds secrets written out in a URI. It prefers to refuse too much: a secret that slips through
 * ends up in version control and in logs, a harmless parameter can be given another name.
 */
final class UriSecrets {
  private static final Pattern PARAMETER = Pattern.compile("(?:^|[?&;#])([^?&;#=]*)=([^?&;#]*)");
  private static final Pattern REFERENCE =
      Pattern.compile("(?:vault:|file:)(?<path>.*[^/\\s].*)|env:[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern KEY =
      Pattern.compile("(?:sk-|hv[sbr]\\.|gh[pousr]_|github_pat_|xox[abpr]-|AKIA)[\\w.-]{12,}");
  private static final Pattern HOSTS =
      Pattern.compile("(?:(?:\\[[^\\[\\]]*]|[^:,\\[\\]]*)(?::[0-9]*)?(?:,|$))*+");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:[\\\\/]");
  private static final Pattern DIGITS_AT_THE_END = Pattern.compile("[0-9]+$");

  private static final Set<String> NAMES =
      Set.of("pass", "pwd", "pw", "auth", "key", "sig", "jwt", "cookie", "bearer");
  private static final Set<String> PARTS_OF_NAMES =
      Set.of("password", "passwd", "passphrase", "apikey", "privatekey", "secretkey", "accesskey");
  private static final Set<String> ENDS_OF_NAMES =
      Set.of("secret", "token", "authorization", "credential", "credentials", "signature");

  private static final String A_REFERENCE =
      "a reference: 'vault:<path>', 'env:<NAME>' or 'file:<path>'";
  private static final String HOW = "Store it in Vault, a variable or a file and name that";

  private UriSecrets() {}

  /** Throws if a URI holds a secret itself; the message does not repeat it. */
  static void refusePlain(String where, String scheme, String rest) {
    if (hasUserInfo(rest)) {
      throw new BadInputException(
          where,
          "a user or a password before '@'",
          "a password by reference only: '?password=vault:<path>', '=env:<NAME>' or '=file:<path>'",
          "Remove what stands before '@' and add such a parameter; an '@' in a path is '%40'");
    }
    if (KEY.matcher(scheme).matches() || KEY.matcher(decoded(rest)).matches()) {
      throw new BadInputException(
          where,
          "what looks like a key",
          "the name of what to open",
          "Revoke the key if this text was stored anywhere, and give it as a secret");
    }
    for (Matcher parameter = PARAMETER.matcher(rest); parameter.find(); ) {
      if (isSecret(parameter.group(1))) {
        refuseUnlessReference(where, parameter.group(1), decoded(parameter.group(2)));
      }
    }
  }

  private static void refuseUnlessReference(String where, String name, String value) {
    Matcher reference = REFERENCE.matcher(value);
    boolean matches = reference.matches();
    String path = matches ? reference.group("path") : null;
    if (!matches || (path != null && KEY.matcher(path).matches())) {
      String found =
          value.isEmpty()
              ? "nothing"
              : Stream.of("vault:", "env:", "file:").anyMatch(value::startsWith)
                  ? "no usable reference"
                  : "a plain value";
      throw new BadInputException(where, found + " for " + display(name), A_REFERENCE, HOW);
    }
  }

  /** Masks everything from the value of the first secret parameter on. */
  static String masked(String rest) {
    for (Matcher parameter = PARAMETER.matcher(rest); parameter.find(); ) {
      if (isSecret(parameter.group(1))) {
        return rest.substring(0, parameter.start(2)) + "***";
      }
    }
    return rest;
  }

  /**
   * Says whether something stands before an at sign where a client would look for a user. Passwords
   * may hold a slash or a question mark, so that the at sign may seem to be in the path.
   */
  private static boolean hasUserInfo(String rest) {
    int at = rest.indexOf('@');
    if (at < 0) {
      return false;
    }
    int scheme = rest.indexOf("://");
    int start = rest.startsWith("//") ? 2 : scheme < 0 ? -1 : scheme + 3;
    if (start < 0) {
      int colon = rest.indexOf(':');
      return colon >= 0
          && colon < at
          && firstOf("/?#", rest, 0) > colon
          && !DRIVE.matcher(rest).lookingAt();
    }
    String authority = rest.substring(start, firstOf("/?#", rest, start));
    return !authority.isEmpty()
        && (at < firstOf("?#", rest, start) || !HOSTS.matcher(authority).matches());
  }

  private static int firstOf(String characters, String text, int from) {
    int at = from;
    while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }

  private static boolean isSecret(String rawName) {
    String name = normal(rawName);
    return NAMES.contains(name)
        || PARTS_OF_NAMES.stream().anyMatch(name::contains)
        || ENDS_OF_NAMES.stream().anyMatch(name::endsWith);
  }

  private static String normal(String name) {
    String letters = decoded(name).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return DIGITS_AT_THE_END.matcher(letters).replaceFirst("");
  }

  /** A name as long as that is no name, and may hold anything. */
  private static String display(String name) {
    return name.matches("[A-Za-z][A-Za-z0-9_.-]{0,31}") ? "'" + name + "'" : "a secret parameter";
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
