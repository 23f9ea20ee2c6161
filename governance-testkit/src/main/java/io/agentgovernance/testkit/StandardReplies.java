// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.payload.Payload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Valid replies to what the agents of the standard team ask. For scripts of single turns; whole
 * runs are in {@link StandardScripts}.
 *
 * <pre>{@code
 * model.on("BETA").reply(StandardReplies.criteria())
 *     .reply(StandardReplies.reject("too slow"))
 *     .reply(StandardReplies.accept())
 *     .reply(StandardReplies.solution("Use a cache."));
 * }</pre>
 */
public final class StandardReplies {
  private StandardReplies() {}

  /** ALPHA's findings, with a proposal of this title. */
  public static Payload research(String title) {
    return Payload.of(
        Map.of(
            "findings",
            List.of(Map.of("claim", "A scripted finding.", "citation", citation())),
            "proposal",
            draft(title)));
  }

  /** A proposal of this title, as ALPHA revises one. */
  public static Payload proposal(String title) {
    return Payload.of(draft(title));
  }

  /** BETA's criteria. */
  public static Payload criteria() {
    return Payload.of(
        Map.of("criteria", List.of("answers the objective", "rests on sources", "can be tested")));
  }

  /** A vote for a proposal. */
  public static Payload accept() {
    return Payload.of(Map.of("verdict", "accept", "reason", "It meets the criteria."));
  }

  /** A vote against a proposal. */
  public static Payload reject(String reason) {
    return Payload.of(Map.of("verdict", "reject", "reason", reason));
  }

  /** A vote against a proposal, with a proposal of this title in its place. */
  public static Payload counter(String reason, String title) {
    return Payload.of(
        Map.of("verdict", "reject", "reason", reason, "counterProposal", draft(title)));
  }

  /** The solution, with this body. */
  public static Payload solution(String body) {
    return Payload.of(
        Map.of("title", "Scripted solution", "body", body, "citations", List.of(citation())));
  }

  /** GAMMA's directive, which chooses nothing. */
  public static Payload directive(String directive) {
    return Payload.of(mediation(directive));
  }

  /** GAMMA's choice of a proposal. */
  public static Payload choice(String proposalId) {
    Map<String, Object> mediation = mediation("Go on with the chosen proposal.");
    mediation.put("chosenProposalId", proposalId);
    return Payload.of(mediation);
  }

  /** GAMMA's own proposal, of this title, made of several. */
  public static Payload merged(String title) {
    Map<String, Object> mediation = mediation("Go on with the merged proposal.");
    mediation.put("merged", draft(title));
    return Payload.of(mediation);
  }

  /** GAMMA's division of the objective. */
  public static Payload division(String... subObjectives) {
    Map<String, Object> mediation = mediation("Work in smaller steps.");
    mediation.put("subObjectives", List.of(subObjectives));
    return Payload.of(mediation);
  }

  private static Map<String, Object> mediation(String directive) {
    Map<String, Object> mediation = new LinkedHashMap<>();
    mediation.put("directive", directive);
    mediation.put("subObjectives", List.of());
    return mediation;
  }

  private static Map<String, Object> draft(String title) {
    return Map.of(
        "title",
        title,
        "summary",
        "A scripted proposal.",
        "steps",
        List.of("do it", "check it"),
        "citations",
        List.of(citation(), citation()));
  }

  private static Map<String, Object> citation() {
    return Map.of("source", "objective", "quote", "scripted");
  }
}
