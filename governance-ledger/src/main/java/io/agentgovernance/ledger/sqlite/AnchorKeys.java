// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * The public halves of the keys that sign anchors: what an auditor needs. All methods are thread
 * safe.
 */
public final class AnchorKeys {
  /** How anchors are signed. */
  static final String ALGORITHM = "Ed25519";

  private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String END = "-----END PUBLIC KEY-----";
  private static final int ID_CHARACTERS = 16;

  private AnchorKeys() {}

  /**
   * Reads a public key from a file, such as the {@code .pub} file beside a generated key. Blocks
   * for the file.
   *
   * @throws BadInputException if it holds no Ed25519 public key as PEM
   */
  public static PublicKey read(Path file) {
    try {
      return parse("public key " + file, Files.readString(file, US_ASCII));
    } catch (IOException e) {
      throw new BadInputException(
          "public key " + file,
          "a file that cannot be read",
          "an Ed25519 public key as PEM",
          "Name the .pub file of the key that signs the ledger's anchors",
          e);
    }
  }

  private static PublicKey parse(String where, String pem) {
    int from = pem.indexOf(BEGIN);
    int to = pem.indexOf(END);
    try {
      if (from < 0 || to < from) {
        throw new IllegalArgumentException("no PEM block 'PUBLIC KEY'");
      }
      byte[] encoded =
          Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to).strip());
      return KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new BadInputException(
          where,
          "something else",
          "an Ed25519 public key as PEM",
          "Make one with: openssl pkey -in <private key> -pubout",
          e);
    }
  }

  /** Returns a public key as PEM, for files and for other tools. */
  public static String pem(PublicKey key) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return BEGIN + "\n" + body + "\n" + END + "\n";
  }

  /** Returns the short name that anchors give a key: the start of the SHA-256 of its X.509 form. */
  public static String id(PublicKey key) {
    return Digest.sha256(key.getEncoded()).hex().substring(0, ID_CHARACTERS);
  }

  static boolean verify(PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // A key of another kind, or what is no signature at all.
      return false;
    }
  }
}
