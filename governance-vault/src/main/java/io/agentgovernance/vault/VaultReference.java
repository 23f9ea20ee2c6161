// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.vault;

import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a reference {@code vault:<path>[#field]} names.
 *
 * @param text the reference as it was written
 * @param path the path of the secret in its mount, without the segment {@code data}
 * @param field the field, if it is named
 */
record VaultReference(String text, String path, Optional<String> field) {
  static final String SCHEME = "vault:";

  private static final String EXPECTED = "'vault:<path>' or 'vault:<path>#<field>'";
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_@:+=~.-]{1,128}");
  private static final int MAX_SEGMENTS = 32;

  static boolean is(String text) {
    return text.startsWith(SCHEME);
  }

  /**
   * Reads a reference. One that begins with the mount and {@code data}, as Vault's own paths do, is
   * accepted too.
   *
   * @param mount the mount secrets are read from
   */
  static VaultReference parse(String text, String mount) {
    String rest = is(text) ? text.substring(SCHEME.length()) : "";
    int hash = rest.indexOf('#');
    String path = hash < 0 ? rest : rest.substring(0, hash);
    Optional<String> field = hash < 0 ? Optional.empty() : Optional.of(rest.substring(hash + 1));
    String prefix = mount + "/data/";
    if (path.startsWith(prefix)) {
      path = path.substring(prefix.length());
    }
    if (!isPath(path)) {
      throw unusable(
          text, "a path that Vault has not", "Write segments of letters, digits and -_.");
    }
    if (field.isPresent() && (field.get().isBlank() || field.get().length() > 128)) {
      throw unusable(text, "no field after '#'", "Name the field, or leave '#' out.");
    }
    return new VaultReference(text, path, field);
  }

  /** Says whether text is a path of segments, none of which leads elsewhere. */
  static boolean isPath(String text) {
    String[] segments = text.split("/", -1);
    for (String segment : segments) {
      if (!SEGMENT.matcher(segment).matches() || segment.matches("\\.+")) {
        return false;
      }
    }
    return segments.length <= MAX_SEGMENTS;
  }

  private static SecretUnavailableException unusable(String text, String found, String advice) {
    return new SecretUnavailableException(Reason.UNUSABLE, text, found, EXPECTED, advice);
  }
}
