// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The messages of a run, under whatever lock the machine's owner holds. */
final class MessageBook {
  private static final int MAX_MESSAGES = 100_000;

  private final List<AgentMessage> messages = new ArrayList<>(4);
  private final Map<String, AgentMessage> sent = new HashMap<>(4);

  MessageBook() {}

  /** The same messages, which go their own way from here. */
  MessageBook(MessageBook origin) {
    messages.addAll(origin.messages);
    sent.putAll(origin.sent);
  }

  Applied<?> send(RunMachine run, Command.Send c, Instant now) {
    AgentMessage repeated = sent.get(c.messageId());
    if (repeated != null) {
      return Applied.dup(0, repeated);
    }
    AgentId to = c.to();
    if (to != null && !run.agents.containsKey(to)) {
      return Applied.refused(Status.CONFLICT, "UNKNOWN_RECIPIENT");
    }
    if (messages.size() >= MAX_MESSAGES || c.content().bytes() > RunMachine.MAX_VALUE_BYTES) {
      return Applied.refused(Status.CONFLICT, "LIMIT");
    }
    AgentMessage message =
        new AgentMessage(
            run.terms().run(),
            c.messageId(),
            messages.size() + 1L,
            c.agent(),
            c.fence(),
            to,
            c.content(),
            now);
    messages.add(message);
    sent.put(c.messageId(), message);
    return run.made(c, now, message, List.of());
  }

  /** The messages for an agent after a place, oldest first. */
  List<AgentMessage> unread(AgentId recipient, long after, int limit) {
    List<AgentMessage> found = new ArrayList<>();
    int from = (int) Math.min(Math.max(0, after), messages.size());
    for (int i = from; i < messages.size() && found.size() < limit; i++) {
      if (messages.get(i).isFor(recipient)) {
        found.add(messages.get(i));
      }
    }
    return found;
  }
}
