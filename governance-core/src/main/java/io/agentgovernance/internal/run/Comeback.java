// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.Outcome;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentStoppedException.Cause;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.internal.calls.ModelRoute;
import io.agentgovernance.internal.calls.ModelRouter;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes up a run where another process left it. Confined to the coordinator's tasks.
 *
 * <p>The state is there already; what is made again here is what lived in the process: agents, who
 * waits for whom, timers. What that process had begun and not finished is settled first.
 */
final class Comeback {
  private static final String OUTCOME = "/outcome";

  private final RunCoordinator run;
  private final Past past;

  Comeback(RunCoordinator run, Past past) {
    this.run = run;
    this.past = past;
  }

  /**
   * Begins.
   *
   * @param definitions the definition of each agent the run has
   */
  void begin(long epoch, Map<AgentId, Agent> definitions) {
    run.run()
        .store()
        .apply(
            new Command.Note(
                null, EventTypes.ORCHESTRATION_RESUMED, Payload.of(Map.of("epoch", epoch))));
    for (AgentState state : run.run().store().agents()) {
      Agent definition = definitions.get(state.id());
      if (definition != null) {
        run.addAgain(definition, state, past.journal(state.id()));
      }
    }
    run.agents().forEach(this::settle);
    Outcome announced = past.announcedEnd();
    if (announced != null) {
      run.end(announced, announced instanceof Outcome.TimedOut ? Cause.DEADLINE : Cause.STOPPED);
    } else if (run.agents().isEmpty()) {
      run.enqueue();
    } else {
      goOn();
    }
  }

  private void goOn() {
    for (Agent member : run.team().agents()) {
      AgentId id = run.run().terms().run().agent(member.role());
      if (run.run().store().agent(id).isEmpty()) {
        run.add(member, id, null, null, Duration.ZERO); // the process died between two spawns
      }
    }
    run.agents().stream().filter(agent -> !agent.ended()).forEach(run.approvals()::park);
    run.run().active().start();
    run.run().stuck().start();
    for (ApprovalState approval : run.run().store().approvals()) {
      if (approval.state() == ApprovalState.State.PENDING) {
        run.approvals().requested(approval.request());
      }
    }
    remindOfMessages();
    run.mediations().goOn();
    for (Handoff handoff : run.run().store().handoffs()) {
      if (handoff.state() == Handoff.State.OPEN) {
        run.succession().handedOff(handoff);
      } else if (handoff.state() == Handoff.State.CLAIMED) {
        remindOf(handoff);
      }
    }
    run.takeUp();
  }

  private void remindOfMessages() {
    for (Change change : past.changes()) {
      if (change.command() instanceof Command.Send
          && change.result() instanceof AgentMessage message) {
        Reactions.direct(run, message);
      }
    }
  }

  private void remindOf(Handoff handoff) {
    for (AgentRunner agent : run.agents()) {
      if (agent.id().equals(handoff.claimedBy())) {
        agent.notice(Succession.notice(handoff));
      }
    }
  }

  /** Settles what the agent's last process left open. */
  private void settle(AgentRunner agent) {
    List<JournalEntry> entries = past.journal(agent.id());
    for (Command.Reserve reserved : past.openReservations()) {
      if (reserved.agent().equals(agent.id())) {
        settle(agent, reserved.reservationId(), entries);
      }
    }
    Map<String, Integer> begun = new LinkedHashMap<>();
    for (JournalEntry entry : entries) {
      if (entry.kind().equals(Journal.BEGUN) && entry.value().text().equals("tool")) {
        begun.merge(Journal.id(entry), 1, Integer::sum);
      }
    }
    for (JournalEntry entry : entries) {
      Integer times = entry.kind().equals(Journal.BEGUN) ? null : begun.remove(Journal.id(entry));
      if (times != null && entry.kind().equals("tool") && isLast(entry, entries)) {
        boolean done = entry.outcome() == JournalEntry.Outcome.OK;
        note(
            agent,
            Journal.id(entry) + Journal.again(times - 1),
            Journal.id(entry),
            done
                ? Map.of("result", "DONE", "output", entry.value().digest().hex())
                : Map.of("result", "FAILED"));
      }
    }
    // What is left was begun and never came back.
    begun.forEach((id, times) -> note(agent, id + Journal.again(times - 1), id, unknown()));
  }

  private static boolean isLast(JournalEntry entry, List<JournalEntry> entries) {
    return entries.get(entries.size() - 1).equals(entry);
  }

  private static Map<String, Object> unknown() {
    return Map.of("result", "UNKNOWN", "why", "PROCESS_DIED");
  }

  private void note(AgentRunner agent, String id, String call, Map<String, ?> body) {
    Map<String, Object> all = new LinkedHashMap<>(body);
    all.put("call", call);
    run.run().evidence().noteUnlessThere(agent.id(), LedgerTypes.OUTCOME, id + OUTCOME, all);
  }

  /** A reply that was remembered is settled with its usage; another call stays charged. */
  private void settle(AgentRunner agent, String reservation, List<JournalEntry> entries) {
    ChatReply reply = reply(reservation, entries);
    BigDecimal cost = reply == null ? null : cost(reply);
    if (reply == null || cost == null) {
      run.run().view().apply(new Command.Estimate(agent.id(), agent.fence(), reservation));
      Map<String, Object> body = new LinkedHashMap<>(unknown());
      body.put("charged", "ESTIMATE");
      note(agent, reservation, call(reservation), body);
      return;
    }
    Usage usage = reply.usage();
    run.run()
        .view()
        .apply(
            new Command.Settle(
                agent.id(),
                agent.fence(),
                reservation,
                usage.promptTokens(),
                usage.completionTokens(),
                cost));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("result", "REPLY");
    body.put("reply", Digest.sha256(reply.text()).hex());
    body.put("model", reply.model());
    body.put("prompt_tokens", usage.promptTokens());
    body.put("completion_tokens", usage.completionTokens());
    body.put("cost", cost.toPlainString());
    note(agent, reservation, call(reservation), body);
  }

  private static @Nullable ChatReply reply(String reservation, List<JournalEntry> entries) {
    for (JournalEntry entry : entries) {
      if (entry.kind().equals("model")
          && entry.outcome() == JournalEntry.Outcome.OK
          && isOf(reservation, Journal.id(entry))) {
        return RecordedReply.read(entry.value());
      }
    }
    return null;
  }

  /** The call a reservation is for: a slash and a number follow it. */
  private static String call(String reservation) {
    return Journal.first(reservation.substring(0, reservation.lastIndexOf('/')));
  }

  private static boolean isOf(String reservation, String call) {
    return reservation.startsWith(call + "/") || reservation.startsWith(call + "~");
  }

  /** What a reply cost; null if nobody can say. */
  private @Nullable BigDecimal cost(ChatReply reply) {
    Usage usage = reply.usage();
    if (usage.costUsd() != null) {
      return usage.costUsd();
    }
    ModelRouter router = run.run().services().router();
    if (router == null) {
      return null;
    }
    for (ModelRoute route : router.routes()) {
      if (router.routes().size() == 1 || route.modelId().equals(reply.model())) {
        Optional<ModelPricing> pricing = route.model().pricing(route.modelId());
        return pricing
            .map(known -> known.cost(usage.promptTokens(), usage.completionTokens()))
            .orElse(BigDecimal.ZERO);
      }
    }
    return null;
  }
}
