// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An entry to be written, before the ledger gives it a sequence and links it to the chain.
 * Immutable.
 *
 * <pre>{@code
 * LedgerDraft.of(tenant, run, LedgerTypes.NOTE, time.now(), run + "/note/1", Payload.text("reviewed by hand"))
 * }</pre>
 *
 * @param run the run it belongs to
 * @param agent the agent that acted, or null if it was the run itself
 * @param tenant the tenant the run belongs to
 * @param type what happened, one of {@link LedgerTypes} or another word of that form
 * @param at when it happened, between the years 0 and 9999; kept to the nanosecond
 * @param idempotencyKey names this fact within tenant and run: appending it again answers with the
 *     first receipt
 * @param body details, at most {@value #MAX_BODY_BYTES} bytes. It stays for ever: digests belong
 *     here, not prompt texts
 */
public record LedgerDraft(
    RunId run,
    @Nullable AgentId agent,
    TenantId tenant,
    String type,
    Instant at,
    String idempotencyKey,
    Payload body) {
  /** The form of a type. */
  public static final String TYPE_PATTERN = "[A-Z][A-Z0-9_]{0,63}";

  /** The form of an idempotency key: 1 to 256 visible ASCII characters. */
  public static final String KEY_PATTERN = "[\\x21-\\x7e]{1,256}";

  /** The largest body accepted, in bytes of UTF-8. */
  public static final int MAX_BODY_BYTES = 1_048_576;

  private static final Instant EARLIEST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");
  private static final int MAX_TYPE = 64;
  private static final int MAX_KEY = 256;

  /**
   * Checks every component.
   *
   * @throws BadInputException if the type, key, time or size of the body is not accepted
   */
  public LedgerDraft {
    requireNonNull(run, "run");
    requireNonNull(tenant, "tenant");
    requireNonNull(type, "type");
    requireNonNull(at, "at");
    requireNonNull(idempotencyKey, "idempotencyKey");
    requireNonNull(body, "body");
    if (!isType(type)) {
      throw new BadInputException(
          "type of a ledger draft of run " + run,
          "'" + shown(type) + "'",
          "upper-case letters, digits and underscores matching " + TYPE_PATTERN,
          "Use a constant of LedgerTypes or a word of that form");
    }
    if (!isKey(idempotencyKey)) {
      throw new BadInputException(
          "idempotency key of a ledger draft of run " + run + ", type " + type,
          "'" + shown(idempotencyKey) + "'",
          "1 to 256 visible ASCII characters",
          "Build it from ids and ordinals, not from texts");
    }
    if (at.isBefore(EARLIEST) || at.isAfter(LATEST)) {
      throw new BadInputException(
          "time of a ledger draft of run " + run + ", type " + type,
          at.toString(),
          "an instant in the years 0 to 9999",
          "Check the clock it came from");
    }
    if (body.bytes() > MAX_BODY_BYTES) {
      throw new BadInputException(
          "body of a ledger draft of run " + run + ", type " + type,
          body.bytes() + " bytes",
          "at most " + MAX_BODY_BYTES + " bytes",
          "Store the text elsewhere and put its digest in the body");
    }
  }

  /** Returns a draft of something the run itself did; {@link #withAgent} names an agent. */
  public static LedgerDraft of(
      TenantId tenant, RunId run, String type, Instant at, String idempotencyKey, Payload body) {
    return new LedgerDraft(run, null, tenant, type, at, idempotencyKey, body);
  }

  /** Returns a copy that says which agent acted. */
  public LedgerDraft withAgent(AgentId agent) {
    return new LedgerDraft(
        run, requireNonNull(agent, "agent"), tenant, type, at, idempotencyKey, body);
  }

  /** The same as matching {@link #TYPE_PATTERN}. */
  private static boolean isType(String type) {
    int length = type.length();
    if (length == 0 || length > MAX_TYPE || !isUpperCase(type.charAt(0))) {
      return false;
    }
    for (int i = 1; i < length; i++) {
      char c = type.charAt(i);
      if (!isUpperCase(c) && (c < '0' || c > '9') && c != '_') {
        return false;
      }
    }
    return true;
  }

  private static boolean isUpperCase(char c) {
    return c >= 'A' && c <= 'Z';
  }

  /** The same as matching {@link #KEY_PATTERN}. */
  private static boolean isKey(String key) {
    int length = key.length();
    if (length == 0 || length > MAX_KEY) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = key.charAt(i);
      if (c < 0x21 || c > 0x7e) {
        return false;
      }
    }
    return true;
  }

  private static String shown(String text) {
    String start = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
