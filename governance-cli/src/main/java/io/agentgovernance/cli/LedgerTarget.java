// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.BadInputException;
import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.ledger.sqlite.AnchorKeys;
import io.agentgovernance.ledger.sqlite.FileAnchorSink;
import io.agentgovernance.ledger.sqlite.LedgerFile;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which ledger, and how much to say. The same for all of {@code governance ledger}. */
final class LedgerTarget {
  private static final String SCHEME = "sqlite:";

  @Parameters(
      index = "0",
      paramLabel = "<path>",
      description = "The file of the ledger, such as runs/<run id>/ledger.db.")
  private String path = "";

  @Option(names = "--no-color", description = "Use no colour, as NO_COLOR=1 does.")
  private boolean noColor;

  @Option(names = "--quiet", description = "Show no progress and no notes.")
  private boolean quiet;

  boolean isQuiet() {
    return quiet;
  }

  Terminal terminal(Host host) {
    return noColor ? host.terminal().plain() : host.terminal();
  }

  /** Shows how far long work is, on a terminal. */
  ProgressLine progress(Host host, String what) {
    return new ProgressLine(
        host.err(), what, quiet ? Terminal.NONE : terminal(host), ProgressLine.EVERY_MILLIS);
  }

  /** Returns the path as it was written, without the scheme of a URI. */
  String given() {
    return path.startsWith(SCHEME) ? path.substring(SCHEME.length()) : path;
  }

  Path file(Host host) {
    return resolve(host, "<path>", given());
  }

  LedgerFile open(Host host) {
    return LedgerFile.open(file(host));
  }

  static Path resolve(Host host, String where, String text) {
    try {
      if (text.isBlank()) {
        throw new BadInputException(where, "an empty path", "a file", "Name one");
      }
      return host.directory().resolve(text);
    } catch (InvalidPathException e) {
      throw new BadInputException(where, "a text that cannot be a path", "a file", "Name one", e);
    }
  }

  /**
   * Reads the public keys that were named, or else those of this user: the one of this command's
   * runs, and the one a ledger of this id has in the usual place.
   */
  static List<TrustedKey> keys(Host host, List<String> files, LedgerFile ledger) {
    var keys = new ArrayList<TrustedKey>();
    for (String file : files) {
      Path named = resolve(host, "--public-key", file);
      keys.add(new TrustedKey(AnchorKeys.read(named), named));
    }
    if (files.isEmpty()) {
      Path ofRuns = Stores.publicKey(host.home());
      for (Path usual : List.of(ledger.usualPublicKey(), ofRuns)) {
        if (Files.exists(usual)) {
          keys.add(new TrustedKey(AnchorKeys.read(usual), usual));
        }
      }
    }
    return keys;
  }

  /** Reads the anchors that were kept elsewhere. */
  static List<Anchor> anchors(Host host, List<String> files) {
    var anchors = new ArrayList<Anchor>();
    for (String file : files) {
      Path named = resolve(host, "--from-anchor", file);
      List<Anchor> found = Files.exists(named) ? FileAnchorSink.read(named) : List.of();
      if (found.isEmpty()) {
        throw new BadInputException(
            "--from-anchor " + Plain.line(file),
            Files.exists(named) ? "a file without anchors" : "no such file",
            "anchors of this ledger, one in each line",
            "Name the file an anchor sink wrote");
      }
      anchors.addAll(found);
    }
    return anchors;
  }

  /** A key whose anchors count, and where it came from. */
  record TrustedKey(PublicKey key, Path file) {
    String id() {
      return AnchorKeys.id(key);
    }
  }
}
