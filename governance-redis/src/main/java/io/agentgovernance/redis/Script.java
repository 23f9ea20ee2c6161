// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.CommandArgs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script and the name by which servers know it. Immutable and thread safe.
 *
 * @param name what it is called in messages
 * @param text the script
 * @param digest SHA-1 of the text in hexadecimal, as {@code EVALSHA} wants it
 */
record Script(String name, String text, String digest) {

  /** Reads {@code <name>.lua} from the resources of this package. */
  static Script resource(String name) {
    return of(name, text(name));
  }

  static Script of(String name, String text) {
    return new Script(name, text, sha1(text));
  }

  /** Reads the text of {@code <name>.lua}. */
  static String text(String name) {
    String file = name + ".lua";
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(
            "resource io/agentgovernance/redis/" + file + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource io/agentgovernance/redis/" + file, e);
    }
  }

  /**
   * What {@code EVALSHA} is given: in bytes already, so that the event loop, which all share, has
   * less to do. The first key says which server it is for.
   */
  CommandArgs<String, String> call(String[] keys, String[] arguments) {
    CommandArgs<String, String> call =
        new CommandArgs<>(StringCodec.UTF8).add(digest).add(keys.length).addKey(keys[0]);
    for (int i = 1; i < keys.length; i++) {
      call.add(keys[i].getBytes(StandardCharsets.UTF_8));
    }
    for (String argument : arguments) {
      call.add(argument.getBytes(StandardCharsets.UTF_8));
    }
    return call;
  }

  private static String sha1(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-1, by which Redis names scripts", e);
    }
  }
}
