// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.Anchor;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The key that signs a ledger's anchors. Thread safe. */
final class AnchorKey {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";

  private final PrivateKey privateKey;
  private final PublicKey publicKey;
  private final String id;

  private AnchorKey(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
    this.id = AnchorKeys.id(publicKey);
  }

  static AnchorKey generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(AnchorKeys.ALGORITHM).generateKeyPair();
      return new AnchorKey(pair.getPrivate(), pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform from 15 on has Ed25519", e);
    }
  }

  /**
   * Reads a private key as {@code openssl genpkey -algorithm ed25519} writes it.
   *
   * @param where how messages name the place it came from
   * @throws BadInputException if it is none; the message repeats nothing of it
   */
  static AnchorKey parse(String where, char[] pem) {
    String text = String.valueOf(pem);
    int from = text.indexOf(BEGIN);
    int to = text.indexOf(END);
    if (from < 0 || to < from) {
      throw unusable(where, "no PEM block 'PRIVATE KEY'", null);
    }
    try {
      byte[] encoded =
          Base64.getMimeDecoder().decode(text.substring(from + BEGIN.length(), to).strip());
      PrivateKey key =
          KeyFactory.getInstance(AnchorKeys.ALGORITHM)
              .generatePrivate(new PKCS8EncodedKeySpec(encoded));
      Arrays.fill(encoded, (byte) 0);
      var read = new AnchorKey(key, publicOf(key));
      byte[] probe = "probe".getBytes(US_ASCII);
      if (!AnchorKeys.verify(read.publicKey, probe, read.sign(probe))) {
        throw new GeneralSecurityException("its public half does not fit");
      }
      return read;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw unusable(where, "something else in the PEM block", e);
    }
  }

  private static BadInputException unusable(String where, String found, @Nullable Exception cause) {
    return new BadInputException(
        where,
        found,
        "an Ed25519 private key in PKCS #8, as PEM",
        "Make one with: openssl genpkey -algorithm ed25519",
        cause);
  }

  /** Java has no public way from the private half to the public one, but makes both from a seed. */
  private static PublicKey publicOf(PrivateKey key) throws GeneralSecurityException {
    byte[] seed =
        key instanceof EdECPrivateKey edwards
            ? edwards.getBytes().orElseGet(() -> new byte[0])
            : new byte[0];
    var generator = KeyPairGenerator.getInstance(AnchorKeys.ALGORITHM);
    generator.initialize(NamedParameterSpec.ED25519, new Seed(seed));
    return generator.generateKeyPair().getPublic();
  }

  private static final class Seed extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length == seed.length) {
        System.arraycopy(seed, 0, bytes, 0, seed.length);
      }
    }
  }

  /** Returns the private half as PEM. */
  byte[] pem() {
    String body =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(privateKey.getEncoded());
    return (BEGIN + "\n" + body + "\n" + END + "\n").getBytes(US_ASCII);
  }

  PublicKey publicKey() {
    return publicKey;
  }

  String id() {
    return id;
  }

  Anchor sign(Anchor anchor) throws GeneralSecurityException {
    byte[] signature = sign(anchor.signedBytes());
    return anchor.signed(
        new Anchor.Signature(
            AnchorKeys.ALGORITHM, id, Base64.getEncoder().encodeToString(signature)));
  }

  private byte[] sign(byte[] message) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(AnchorKeys.ALGORITHM);
    signature.initSign(privateKey);
    signature.update(message);
    return signature.sign();
  }
}
