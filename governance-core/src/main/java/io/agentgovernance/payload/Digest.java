// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest. Immutable and thread safe.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record Digest(String hex) implements WireName {
  private static final int DIGITS = 64;
  private static final int PREFIX = 12;

  /** Checks the form of the digits. */
  public Digest {
    requireNonNull(hex, "hex");
    if (!wellFormed(hex)) {
      throw new BadInputException(
          "digest",
          hex.length() == DIGITS
              ? "a character that is not 0-9 or a-f"
              : hex.length() + " characters",
          "64 lower-case hexadecimal digits",
          "Pass the hex form of a SHA-256 digest");
    }
  }

  private static boolean wellFormed(String hex) {
    if (hex.length() != DIGITS) {
      return false;
    }
    for (int i = 0; i < DIGITS; i++) {
      char c = hex.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private Digest(byte[] sha) {
    this(HexFormat.of().formatHex(sha));
  }

  /** Digests bytes. */
  public static Digest sha256(byte[] bytes) {
    try {
      return new Digest(
          MessageDigest.getInstance("SHA-256").digest(requireNonNull(bytes, "bytes")));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Digests the UTF-8 bytes of a text. */
  public static Digest sha256(String text) {
    return sha256(requireNonNull(text, "text").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads the hex form.
   *
   * @throws BadInputException if it is not 64 lower-case hexadecimal digits
   */
  public static Digest parse(String hex) {
    return new Digest(hex);
  }

  /** Returns the 32 bytes. */
  public byte[] bytes() {
    return HexFormat.of().parseHex(hex);
  }

  /** Returns the first 12 digits, enough to recognise a digest in a log. */
  public String prefix() {
    return hex.substring(0, PREFIX);
  }

  @Override
  public String wireName() {
    return hex;
  }

  @Override
  public String toString() {
    return hex;
  }
}
