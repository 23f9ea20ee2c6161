// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.Durability;
import io.agentgovernance.spi.AnchorSink;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.time.TimeSource;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a ledger is opened.
 *
 * @param key where the signing key is; null for the usual place
 * @param sink where else anchors go, by somebody's instance
 * @param sinkFile where else anchors go, by name
 * @param maxLogBytes how far readers may make the write-ahead log grow
 */
record LedgerSettings(
    Durability durability,
    @Nullable KeySource key,
    List<PublicKey> formerKeys,
    int anchorEvery,
    Duration anchorInterval,
    @Nullable AnchorSink sink,
    @Nullable Path sinkFile,
    long maxLogBytes,
    TimeSource time,
    Probe probe) {

  /** Where a signing key is: in a file, or with a source of secrets. */
  record KeySource(@Nullable Path file, @Nullable SecretSource secrets, String reference) {
    static KeySource of(Path file) {
      return new KeySource(file.toAbsolutePath().normalize(), null, "");
    }

    static KeySource of(SecretSource secrets, String reference) {
      return new KeySource(null, secrets, reference);
    }

    /** The same place, whoever reads it. */
    boolean sameAs(@Nullable KeySource other) {
      return other != null && Objects.equals(file, other.file) && reference.equals(other.reference);
    }
  }

  /** Returns the names of what differs, for one who wants to share an open ledger. */
  List<String> differencesFrom(LedgerSettings other) {
    var names = new ArrayList<String>();
    if (durability != other.durability) {
      names.add("durability");
    }
    if (key == null ? other.key != null : !key.sameAs(other.key)) {
      names.add("key");
    }
    if (anchorEvery != other.anchorEvery) {
      names.add("anchorEvery");
    }
    if (!anchorInterval.equals(other.anchorInterval)) {
      names.add("anchorInterval");
    }
    if (sink != other.sink || !Objects.equals(sinkFile, other.sinkFile)) {
      names.add("anchorSink");
    }
    if (maxLogBytes != other.maxLogBytes) {
      names.add("maxLogBytes");
    }
    if (time != other.time) {
      names.add("time");
    }
    return names;
  }
}
