// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.BadInputException;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The stored form of a message; its run and its sequence are where it is stored. */
final class MessageJson {
  private static final int VERSION = 1;

  private MessageJson() {}

  private record Stored(
      int v,
      String id,
      String from,
      long fence,
      @Nullable String to,
      String at,
      @Nullable Payload content) {}

  static String write(AgentMessage message) {
    AgentId to = message.to();
    return Payload.of(
            new Stored(
                VERSION,
                message.id(),
                message.from().value(),
                message.fence(),
                to == null ? null : to.value(),
                message.at().toString(),
                message.content()))
        .json();
  }

  static AgentMessage read(RunId run, long sequence, String json) {
    Stored stored;
    try {
      stored = Payload.json(json).read(Stored.class);
    } catch (BadInputException e) {
      throw unreadable(run, sequence, e.found(), "a message of version " + VERSION);
    }
    if (stored.v() != VERSION) {
      throw unreadable(run, sequence, "version " + stored.v(), "version " + VERSION);
    }
    String to = stored.to();
    Payload content = stored.content();
    try {
      return new AgentMessage(
          run,
          stored.id(),
          sequence,
          AgentId.parse(stored.from()),
          stored.fence(),
          to == null ? null : AgentId.parse(to),
          content == null ? Payload.empty() : content,
          Instant.parse(stored.at()));
    } catch (DateTimeException e) {
      throw unreadable(run, sequence, "no instant", "an instant in 'at'");
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
