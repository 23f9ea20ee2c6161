// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.Agent;
import io.agentgovernance.approval.ApprovalState;
import io.agentgovernance.checkpoint.JournalEntry;
import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.internal.calls.ModelRoute;
import io.agentgovernance.internal.calls.ModelRouter;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Digest;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Settles what a process that died had begun and not finished, and completes the ledger: a change
 * may have been remembered a moment before its entry was written. Confined to the coordinator's
 * tasks.
 */
final class Aftermath {
  private final RunContext run;
  private final Past past;

  Aftermath(RunContext run, Past past) {
    this.run = run;
    this.past = past;
  }

  /** Settles the calls of one agent. */
  void settle(AgentRunner agent) {
    List<JournalEntry> entries = past.journal(agent.id());
    Calls calls = Calls.of(entries);
    for (Command.Reserve reserved : past.openReservations()) {
      if (reserved.agent().equals(agent.id())) {
        settle(agent, reserved.reservationId(), entries, calls);
      }
    }
    past.closedReservations()
        .forEach(
            (reservation, how) -> {
              if (how.agent().equals(agent.id())) {
                complete(agent, reservation, how, calls);
              }
            });
    tools(agent, calls);
  }

  /** Of tools the journal tells, of models their reservations. */
  private void tools(AgentRunner agent, Calls calls) {
    calls.begun.forEach(
        (call, times) -> {
          JournalEntry entry = calls.answers.get(call);
          String id = call + Journal.again(times - 1);
          if (entry == null && calls.tools.contains(call)) {
            outcome(agent, id, call, unknown());
          } else if (entry != null && entry.kind().equals("tool") && call.equals(calls.last)) {
            outcome(
                agent,
                id,
                call,
                entry.outcome() == JournalEntry.Outcome.OK
                    ? Map.of("result", "DONE", "output", entry.value().digest().hex())
                    : Map.of("result", "FAILED"));
          }
        });
  }

  /**
   * What the entries of one agent's journal say of its calls to the world.
   *
   * @param begun how often each was begun
   * @param tools which of them are calls of tools
   * @param answers what came of those that came back
   * @param last the last that was begun and came back: of those before it the ledger has all
   */
  private record Calls(
      Map<String, Integer> begun,
      Set<String> tools,
      Map<String, JournalEntry> answers,
      String last) {
    static Calls of(List<JournalEntry> entries) {
      Map<String, Integer> begun = new LinkedHashMap<>();
      Set<String> tools = new HashSet<>();
      Map<String, JournalEntry> answers = new HashMap<>();
      String last = "";
      for (JournalEntry entry : entries) {
        if (entry.kind().equals(Journal.BEGUN)) {
          begun.merge(Journal.id(entry), 1, Integer::sum);
          if (entry.value().text().equals("tool")) {
            tools.add(Journal.id(entry));
          }
        } else if (entry.kind().equals("tool") || entry.kind().equals("model")) {
          String call = Journal.id(entry);
          answers.put(call, entry);
          last = begun.containsKey(call) ? call : last; // what was denied was not begun
        }
      }
      return new Calls(begun, tools, answers, last);
    }

    /** Whether the call of a reservation was begun before the process died. */
    boolean begun(String reservation) {
      String attempt = reservation.substring(0, reservation.lastIndexOf('/'));
      String call = call(reservation);
      int earlier =
          attempt.equals(call) ? 0 : Integer.parseInt(attempt.substring(call.length() + 1));
      return begun.getOrDefault(call, 0) > earlier;
    }
  }

  /** The call a reservation is for: its id without the route, and without the repetition. */
  private static String call(String reservation) {
    return Journal.first(reservation.substring(0, reservation.lastIndexOf('/')));
  }

  private static Map<String, Object> unknown() {
    return Map.of("result", "UNKNOWN", "why", "PROCESS_DIED");
  }

  private static Map<String, Object> unknown(String charged) {
    Map<String, Object> body = new LinkedHashMap<>(unknown());
    body.put("charged", charged);
    return body;
  }

  private void outcome(AgentRunner agent, String id, String call, Map<String, ?> body) {
    Map<String, Object> all = new LinkedHashMap<>(body);
    all.put("call", call);
    run.evidence().noteUnlessThere(agent.id(), LedgerTypes.OUTCOME, id + "/outcome", all);
  }

  /**
   * A reply that was remembered is settled with its usage, a call that was not begun took nothing;
   * another stays charged.
   */
  private void settle(
      AgentRunner agent, String reservation, List<JournalEntry> entries, Calls calls) {
    if (!calls.begun(reservation)) {
      run.view().apply(new Command.Release(agent.id(), agent.fence(), reservation));
      return;
    }
    ChatReply reply = reply(reservation, entries);
    BigDecimal cost = reply == null ? null : cost(reply);
    if (reply == null || cost == null) {
      run.view().apply(new Command.Estimate(agent.id(), agent.fence(), reservation));
      outcome(agent, reservation, call(reservation), unknown("ESTIMATE"));
      return;
    }
    Usage usage = reply.usage();
    run.view()
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
    outcome(agent, reservation, call(reservation), body);
  }

  /** Of a call that failed the charge is remembered, a moment before its outcome is written. */
  private void complete(
      AgentRunner agent, String reservation, Command.OfAgent<?> how, Calls calls) {
    String call = call(reservation);
    boolean told = calls.answers.containsKey(call) && !call.equals(calls.last);
    if (calls.begun(reservation) && !told) {
      outcome(
          agent,
          reservation,
          call,
          unknown(
              how instanceof Command.Settle
                  ? "USAGE"
                  : how instanceof Command.Release ? "NOTHING" : "ESTIMATE"));
    }
  }

  private static @Nullable ChatReply reply(String reservation, List<JournalEntry> entries) {
    for (JournalEntry entry : entries) {
      if (entry.kind().equals("model")
          && entry.outcome() == JournalEntry.Outcome.OK
          && call(reservation).equals(Journal.id(entry))) {
        return RecordedReply.read(entry.value());
      }
    }
    return null;
  }

  /** What a reply cost; null if nobody can say. */
  private @Nullable BigDecimal cost(ChatReply reply) {
    Usage usage = reply.usage();
    if (usage.costUsd() != null) {
      return usage.costUsd();
    }
    ModelRouter router = run.services().router();
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

  /** Has the ledger say what took effect before its entry was written. */
  void prove(Map<AgentId, Agent> definitions) {
    for (Change change : past.changes()) {
      prove(change, definitions);
      for (Effect effect : change.effects()) {
        if (effect instanceof Effect.HandedOff handedOff) {
          handoff(handedOff.handoff());
        } else if (effect instanceof Effect.ProposalDecided decided
            && RunNotes.isNoted(decided.proposal())) {
          run.evidence()
              .noteUnlessThere(
                  null,
                  LedgerTypes.DECISION,
                  decided.proposal().id() + "/decision",
                  RunNotes.decision(decided.proposal()));
        }
      }
    }
  }

  private void prove(Change change, Map<AgentId, Agent> definitions) {
    Object result = change.result();
    if (result instanceof Handoff handoff) {
      handoff(handoff);
    } else if (result instanceof AgentState state && change.command() instanceof Command.Spawn) {
      Agent definition = definitions.get(state.id());
      if (definition != null) {
        run.evidence()
            .noteUnlessThere(
                state.id(),
                LedgerTypes.SPAWNED,
                state.id() + "/spawned",
                RunNotes.spawned(definition, state.reason()));
      }
    } else if (result instanceof ErrorTally tally
        && tally.revoked()
        && change.command() instanceof Command.RecordError error) {
      run.evidence()
          .noteUnlessThere(
              error.agent(),
              LedgerTypes.REVOKED,
              error.agent() + "/revoked",
              ErrorDesk.revocation(tally, error.signature()));
    } else if (result instanceof ApprovalState approval
        && (change.command() instanceof Command.DecideApproval
            || change.command() instanceof Command.ExpireApproval)) {
      run.evidence()
          .noteUnlessThere(
              approval.request().agent(),
              LedgerTypes.APPROVAL,
              approval.request().id() + "/" + approval.state(),
              RunNotes.decided(approval));
    }
  }

  private void handoff(Handoff handoff) {
    run.evidence()
        .noteUnlessThere(
            handoff.from(),
            LedgerTypes.HANDOFF,
            handoff.id() + "/" + RunNotes.ledgered(handoff),
            RunNotes.handoff(handoff));
  }
}
