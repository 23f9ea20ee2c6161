// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MessageBus;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.tool.Effect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An agent's messages: out over the coordination store or the host's bus, in in order. Confined to
 * the agent's thread.
 */
final class Mailbox {
  private static final int PAGE = 256;

  private final AgentRunner agent;
  private final ActionGate gate;
  private final List<AgentMessage> unread = new ArrayList<>(2);
  private long fetched;

  Mailbox(AgentRunner agent, ActionGate gate) {
    this.agent = agent;
    this.gate = gate;
  }

  AgentMessage send(@Nullable AgentRole to, Payload content) {
    String target = to == null ? "*" : to.name();
    return gate.recorded(
        "send",
        Payload.of(Map.of("to", target, "content", content)),
        Recorded::message,
        Recorded::message,
        () -> {
          ActionGate.Passed passed =
              gate.pass(
                  gate.action(Action.MESSAGE, target, content, Effect.IDEMPOTENT, TrustTier.T1));
          AgentId recipient = to == null ? null : recipient(to);
          gate.internal(passed, LedgerTypes.MESSAGE);
          return publish(recipient, passed.action().input());
        });
  }

  /** The latest agent of a role: a successor stands in for who it succeeds. */
  private AgentId recipient(AgentRole role) {
    AgentId found = null;
    for (AgentState state : agent.run().store().agents()) {
      if (state.role().equals(role)) {
        found = state.id();
      }
    }
    if (found == null) {
      throw new RefusedException(
          "a message to '" + role.name() + "'",
          "UNKNOWN_RECIPIENT",
          "Send to a role of the team; ctx.partners() lists those that are active.");
    }
    return found;
  }

  private AgentMessage publish(@Nullable AgentId to, Payload content) {
    MessageBus bus = agent.run().services().bus();
    if (bus == null) {
      Applied<AgentMessage> applied =
          agent.apply(new Command.Send(agent.id(), agent.fence(), agent.nextId(), to, content));
      if (!applied.accepted()) {
        throw new RefusedException(
            "a message", applied.reason(), "Send fewer or smaller messages.");
      }
      return applied.orThrow();
    }
    Applied<Void> admitted =
        agent.apply(new Command.Admit(agent.id(), agent.fence(), agent.nextId()));
    if (!admitted.accepted()) {
      throw new RefusedException("a message", admitted.reason(), "The agent may not act now.");
    }
    AgentMessage published =
        bus.publish(
            new AgentMessage(
                agent.run().terms().run(),
                agent.nextId(),
                0,
                agent.id(),
                agent.fence(),
                to,
                content,
                agent.run().now()));
    agent.apply(
        new Command.Note(
            agent.id(),
            EventTypes.AGENT_MESSAGE,
            Payload.of(
                Map.of(
                    "from",
                    agent.id().value(),
                    "to",
                    to == null ? "*" : to.value(),
                    "content",
                    content,
                    "sequence",
                    published.sequence()))));
    return published;
  }

  /** The next message, of one role if that is given; empty when nothing came or can come. */
  Optional<AgentMessage> receive(@Nullable AgentRole from, Duration atMost) {
    return gate.recorded(
        "receive",
        Payload.text(from == null ? "*" : from.key()),
        Recorded.<AgentMessage>optional(Recorded::message),
        this::replayed,
        () -> {
          Optional<Optional<AgentMessage>> got = agent.await(atMost, () -> look(from));
          Optional<AgentMessage> message = got.flatMap(m -> m);
          message.ifPresent(this::acknowledge);
          return message;
        });
  }

  /** A message given again from the journal is not to be received a second time. */
  private Optional<AgentMessage> replayed(Payload recorded) {
    Optional<AgentMessage> message =
        Recorded.<AgentMessage>toOptional(Recorded::message).apply(recorded);
    message.ifPresent(
        m -> {
          fetch();
          unread.removeIf(other -> other.sequence() == m.sequence());
        });
    return message;
  }

  /** Something: a message. Something empty: nobody is left to send one. Nothing: wait on. */
  private Optional<Optional<AgentMessage>> look(@Nullable AgentRole from) {
    boolean left = anybodyLeft(from); // before fetching: who has left has sent all it will
    fetch();
    Iterator<AgentMessage> messages = unread.iterator();
    while (messages.hasNext()) {
      AgentMessage message = messages.next();
      if (from == null || from.equals(roleOf(message.from()))) {
        messages.remove();
        return Optional.of(Optional.of(message));
      }
    }
    return left ? Optional.empty() : Optional.of(Optional.empty());
  }

  private void fetch() {
    MessageBus bus = agent.run().services().bus();
    List<AgentMessage> page;
    do {
      page =
          bus == null
              ? agent.run().store().messages(agent.id(), fetched, PAGE)
              : bus.read(agent.run().terms().run(), agent.id(), fetched, PAGE);
      for (AgentMessage message : page) {
        fetched = Math.max(fetched, message.sequence());
        if (bus == null || agent.run().store().holds(message.from().value(), message.fence())) {
          unread.add(message);
          Directives.tell(agent.run().store(), agent, message);
        }
      }
    } while (page.size() == PAGE);
  }

  /** What the agent was told, by messages that are there as well. */
  List<String> notices() {
    if (agent.run().services().bus() == null) {
      fetch(); // a message may be there before those who react to it have told the agent
    }
    return agent.notices();
  }

  private void acknowledge(AgentMessage message) {
    boolean lowest = unread.stream().noneMatch(m -> m.sequence() < message.sequence());
    if (lowest) {
      agent.apply(new Command.Acknowledge(agent.id(), agent.fence(), message.sequence()));
    }
  }

  private @Nullable AgentRole roleOf(AgentId sender) {
    return agent.run().store().agent(sender).map(AgentState::role).orElse(null);
  }

  private boolean anybodyLeft(@Nullable AgentRole from) {
    for (AgentState state : agent.run().store().agents()) {
      boolean other = !state.id().equals(agent.id());
      boolean candidate = from == null || state.role().equals(from);
      if (other && candidate && active(state)) {
        return true;
      }
    }
    return false;
  }

  static boolean active(AgentState state) {
    return switch (state.status()) {
      case PENDING, RUNNING, WAITING -> true;
      case COMPLETED, FAILED, TIMED_OUT, STOPPED, REVOKED -> false;
    };
  }
}
