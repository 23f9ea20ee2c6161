// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.ledger.Verification;
import io.agentgovernance.ledger.Verification.Ok;
import io.agentgovernance.ledger.Verification.TailMissing;
import io.agentgovernance.ledger.Verification.Tampered;
import io.agentgovernance.ledger.Verification.UnanchoredTail;
import io.agentgovernance.payload.Payload;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What verifying showed, for people and for programs; see the module's README for the fields.
 *
 * @param path as it was given
 * @param ledgerId null if it could not be read
 * @param keys those that counted
 * @param outsideAnchors how many anchors from elsewhere it was compared with
 */
record VerifyReport(
    String path,
    @Nullable String ledgerId,
    List<LedgerTarget.TrustedKey> keys,
    int outsideAnchors,
    Verification result) {

  /** One object on one line; absent values are null. */
  String json() {
    return Payload.of(fields()).json();
  }

  TreeMap<String, @Nullable Object> fields() {
    var fields = new TreeMap<String, @Nullable Object>();
    fields.put("path", path);
    fields.put("ledger", ledgerId);
    fields.put("status", result.status());
    fields.put("exit_code", result.exitCode());
    fields.put("entries", result instanceof Ok it ? it.entries() : null);
    fields.put("head", result instanceof Ok it ? it.head().hex() : null);
    fields.put("first_bad_sequence", result instanceof Tampered it ? it.firstBadSequence() : null);
    fields.put("missing", result instanceof TailMissing it ? it.missing() : null);
    fields.put("unanchored", result instanceof UnanchoredTail it ? it.count() : null);
    fields.put("reason", reason());
    fields.put("keys", keys.stream().map(LedgerTarget.TrustedKey::id).toList());
    fields.put("outside_anchors", outsideAnchors);
    return fields;
  }

  private @Nullable String reason() {
    return result.match(
        ok -> null,
        Tampered::reason,
        tail -> null,
        unanchored -> null,
        Verification.UntrustedKey::reason,
        Verification.Unreadable::reason);
  }

  /** Lines for people. */
  String text(Paint paint) {
    var text = new StringBuilder();
    text.append(paint.on(hue(), result.status())).append("  ").append(says()).append('\n');
    line(text, "ledger", (ledgerId == null ? "" : Plain.line(ledgerId) + "  ") + Plain.line(path));
    for (LedgerTarget.TrustedKey key : keys) {
      line(text, "key", key.id() + "  " + Plain.line(key.file().toString()));
    }
    if (outsideAnchors > 0) {
      line(text, "outside", Plain.count(outsideAnchors) + " anchors kept elsewhere");
    }
    if (result instanceof Ok ok) {
      line(text, "head", ok.head().hex());
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("  ").append(String.format("%-8s", name)).append(value).append('\n');
  }

  private Paint.Hue hue() {
    return result.match(
        ok -> Paint.Hue.GREEN,
        tampered -> Paint.Hue.RED,
        tail -> Paint.Hue.RED,
        unanchored -> Paint.Hue.YELLOW,
        key -> Paint.Hue.YELLOW,
        unreadable -> Paint.Hue.RED);
  }

  private String says() {
    return result.match(
        ok -> entries(ok.entries(), "is", "are") + " as written, and the last one is anchored",
        tampered -> "entry " + tampered.firstBadSequence() + ": " + Plain.line(tampered.reason()),
        tail -> entries(tail.missing(), "is", "are") + " gone that an anchor covers",
        unanchored ->
            "the chain is whole; its last "
                + entries(unanchored.count(), "is", "are")
                + " not anchored yet, as after a crash and while it is written",
        key -> Plain.line(key.reason()) + ". Name the public key: --public-key <file>",
        unreadable -> Plain.line(unreadable.reason()));
  }

  private static String entries(long count, String one, String many) {
    return count == 1 ? "1 entry " + one : Plain.count(count) + " entries " + many;
  }
}
