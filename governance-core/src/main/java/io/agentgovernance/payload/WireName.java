// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

/**
 * A value that is written as one word: an enum constant or an id.
 *
 * <p>{@link Payload} and {@link Schema} write such a value as a JSON string and read it back with
 * the type's {@code public static T fromWire(String)} or {@code parse(String)}; every
 * implementation has one of them. Wire names are a contract: they are only ever added.
 */
public interface WireName {
  /** Returns the word used on the wire and in stores. */
  String wireName();
}
