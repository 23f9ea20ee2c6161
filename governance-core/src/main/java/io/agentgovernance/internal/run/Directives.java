// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.RunStore;
import java.util.List;

/**
 * A mediator's messages are told to their recipients as notices too, each once: as soon as they are
 * sent, and at the latest when the recipient has the message or asks for its notices. Thread safe.
 */
final class Directives {
  private static final String ALL = "*";

  private Directives() {}

  /** Whether a change is a message, over the coordination store or announced by the host's bus. */
  static boolean concerns(Change change) {
    return change.result() instanceof AgentMessage || announced(change.command());
  }

  private static boolean announced(Command<?> command) {
    return command instanceof Command.Note note && note.type().equals(EventTypes.AGENT_MESSAGE);
  }

  /** Tells those whom a change concerns, if a mediator made it. */
  static void tell(RunStore store, List<AgentRunner> agents, Change change) {
    if (change.result() instanceof AgentMessage message) {
      agents.forEach(agent -> tell(store, agent, message));
    } else if (announced(change.command()) && change.command() instanceof Command.Note note) {
      agents.forEach(agent -> tell(store, agent, note));
    }
  }

  /** Tells an agent what a message says, if it is for the agent and a mediator's. */
  static void tell(RunStore store, AgentRunner agent, AgentMessage message) {
    if (message.isFor(agent.id()) && mediator(store, message.from())) {
      tell(agent, message.sequence(), message.content());
    }
  }

  private static void tell(RunStore store, AgentRunner agent, Command.Note note) {
    AgentId from = note.agent();
    String to = Past.text(note.data(), "/to");
    boolean mine = to.equals(ALL) ? !agent.id().equals(from) : to.equals(agent.id().value());
    if (from != null && mine && mediator(store, from)) {
      long sequence = note.data().at("/sequence").map(Directives::number).orElse(0L);
      note.data().at("/content").ifPresent(content -> tell(agent, sequence, content));
    }
  }

  private static void tell(AgentRunner agent, long sequence, Payload content) {
    String text =
        content.at("/" + GovernedMediation.DIRECTIVE).map(Payload::text).orElseGet(content::text);
    agent.directive(sequence, "Directive: " + text);
  }

  private static long number(Payload number) {
    return number.read(Long.class);
  }

  private static boolean mediator(RunStore store, AgentId sender) {
    return store.agent(sender).map(AgentState::reason).isPresent();
  }
}
