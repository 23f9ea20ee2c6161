// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.BadInputException;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * The stored form of a message: a line with version, sender, token, recipient or {@code *}, time
 * and id, and the content as JSON in the next. Its run and its sequence are where it is stored.
 *
 * <pre>{@code
 * 1 01jd4k0v-alpha 4294967297 * 2026-01-24T10:15:30Z "m1"
 * {"risk":"low"}
 * }</pre>
 */
final class StoredMessage {
  private static final String VERSION = "1";
  private static final String ALL = "*";
  private static final int PARTS = 6;

  private StoredMessage() {}

  static String write(AgentMessage message) {
    AgentId to = message.to();
    String head =
        String.join(
            " ",
            VERSION,
            message.from().value(),
            String.valueOf(message.fence()),
            to == null ? ALL : to.value(),
            message.at().toString(),
            Payload.text(message.id()).json());
    return head + "\n" + message.content().json();
  }

  static AgentMessage read(RunId run, long sequence, String stored) {
    int line = stored.indexOf('\n');
    String[] head = stored.substring(0, Math.max(0, line)).split(" ", PARTS);
    if (!head[0].equals(VERSION)) {
      throw unreadable(run, sequence, "another version", "version " + VERSION);
    }
    if (head.length != PARTS) {
      throw unreadable(run, sequence, head.length + " parts", PARTS + " parts");
    }
    try {
      return new AgentMessage(
          run,
          Payload.json(head[5]).text(),
          sequence,
          AgentId.parse(head[1]),
          Long.parseLong(head[2]),
          head[3].equals(ALL) ? null : AgentId.parse(head[3]),
          Payload.json(stored.substring(line + 1)),
          Instant.parse(head[4]));
    } catch (BadInputException e) {
      throw unreadable(run, sequence, e.found(), e.expected());
    } catch (DateTimeException | NumberFormatException e) {
      throw unreadable(run, sequence, "no time or no number", "a time and a token");
    }
  }

  private static BadInputException unreadable(
      RunId run, long sequence, String found, String expected) {
    return new BadInputException(
        "message " + sequence + " of run '" + run + "'",
        found,
        expected,
        "It was written by a later version, or by something else");
  }
}
