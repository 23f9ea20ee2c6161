// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Part;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Models for whole runs of the standard team. Each call makes a new one; what a test scripts for a
 * turn comes before it.
 *
 * <pre>{@code
 * ScriptedModel model = StandardScripts.agreeing();
 * model.on("BETA").turn(2).hang();   // BETA never gets to vote
 * }</pre>
 *
 * <p>They reply by the shape that is asked for, so they fit whatever turn it is asked in. A
 * proposal is entitled {@code Proposal of ALPHA, turn 1} and so on, the solution's body is {@value
 * #SOLUTION}. ALPHA accepts whatever is put to it. GAMMA chooses the newest proposal, if it is
 * shown one.
 */
public final class StandardScripts {
  /** The body of the solution. */
  public static final String SOLUTION = "Do what was proposed.";

  private StandardScripts() {}

  /** BETA accepts the first proposal, then writes the solution. */
  public static ScriptedModel agreeing() {
    return rejecting(0);
  }

  /**
   * BETA rejects this many proposals and accepts the next. With 2 the third proposal is a conflict:
   * BETA's vote or GAMMA's choice, whichever comes first, decides. With 3 or more GAMMA does.
   *
   * @throws IllegalArgumentException if negative
   */
  public static ScriptedModel rejecting(int proposals) {
    Payload reject = StandardReplies.reject("It does not meet the criteria.");
    return model(evaluating(proposals, "rejecting", (request, exchange) -> reject));
  }

  /**
   * BETA rejects this many proposals, each with a counter-proposal. Who decides depends on whether
   * ALPHA sees the counter-proposal, which it accepts, before it has revised its own.
   *
   * @throws IllegalArgumentException if negative
   */
  public static ScriptedModel countering(int proposals) {
    return model(
        evaluating(
            proposals,
            "countering",
            (request, exchange) ->
                StandardReplies.counter("There is a better way.", title(exchange))));
  }

  /** BETA rejects everything, and GAMMA neither chooses nor merges: no consensus. */
  public static ScriptedModel disagreeing() {
    ScriptedModel model = rejecting(Integer.MAX_VALUE);
    model.on("GAMMA").always().reply(StandardReplies.directive("Find an agreement."));
    return model;
  }

  /** BETA rejects everything, and GAMMA merges the proposals into one of its own. */
  public static ScriptedModel merging() {
    ScriptedModel model = rejecting(Integer.MAX_VALUE);
    model.on("GAMMA").always().reply((request, exchange) -> merge(request, exchange));
    return model;
  }

  private static Object merge(ChatRequest request, Exchange exchange) throws InterruptedException {
    return request.replySchema() != null && request.replySchema().name().equals("Mediation")
        ? StandardReplies.merged(title(exchange))
        : reply(Map.of()).reply(request, exchange);
  }

  private static ScriptedModel model(ReplyScript beta) {
    ReplyScript others = reply(Map.of());
    return ScriptedModel.create()
        .on("ALPHA")
        .always()
        .reply(others)
        .on("BETA")
        .always()
        .reply(beta)
        .on("GAMMA")
        .always()
        .reply(others)
        .model();
  }

  /** BETA's first turn fixes criteria; each further one is a vote until it has accepted. */
  private static ReplyScript evaluating(int proposals, String what, ReplyScript otherwise) {
    if (proposals < 0) {
      throw new IllegalArgumentException(what + ": proposals must be >= 0 but was " + proposals);
    }
    return reply(
        Map.of(
            "Evaluation",
            (request, exchange) ->
                exchange.turn() - 1 <= proposals
                    ? otherwise.reply(request, exchange)
                    : StandardReplies.accept()));
  }

  private static ReplyScript reply(Map<String, ReplyScript> special) {
    Map<String, ReplyScript> all = new TreeMap<>();
    all.put("Research", (request, exchange) -> StandardReplies.research(title(exchange)));
    all.put("ProposalDraft", (request, exchange) -> StandardReplies.proposal(title(exchange)));
    all.put("Criteria", (request, exchange) -> StandardReplies.criteria());
    all.put("Evaluation", (request, exchange) -> StandardReplies.accept());
    all.put("Solution", (request, exchange) -> StandardReplies.solution(SOLUTION));
    all.put("Mediation", (request, exchange) -> mediation(request));
    all.putAll(special);
    return (request, exchange) -> {
      Schema wanted = request.replySchema();
      ReplyScript script = wanted == null ? null : all.get(wanted.name());
      if (script == null) {
        throw new ModelException(
            ModelException.Kind.INVALID_REQUEST,
            "standard script: role "
                + exchange.role()
                + ", phase "
                + exchange.phase()
                + ", turn "
                + exchange.turn()
                + " asks for "
                + (wanted == null ? "text" : wanted.name())
                + ", expected one of "
                + all.keySet()
                + ". Script that turn.");
      }
      return script.reply(request, exchange);
    };
  }

  private static String title(Exchange exchange) {
    return "Proposal of " + exchange.role() + ", turn " + exchange.turn();
  }

  private static Payload mediation(ChatRequest request) {
    Optional<String> newest = Optional.empty();
    for (Message message : request.messages()) {
      for (Part part : message.parts()) {
        if (part instanceof Part.Data data && data.name().equals("proposals")) {
          newest = newest(data.content());
        }
      }
    }
    return newest
        .map(StandardReplies::choice)
        .orElseGet(() -> StandardReplies.directive("Put a proposal to the vote."));
  }

  private static Optional<String> newest(Payload proposals) {
    List<?> shown = proposals.read(List.class);
    return shown.isEmpty()
        ? Optional.empty()
        : proposals.at("/" + (shown.size() - 1) + "/id").map(Payload::text);
  }
}
