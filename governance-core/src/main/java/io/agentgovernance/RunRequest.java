// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.agent.Document;
import io.agentgovernance.agent.Team;
import io.agentgovernance.budget.SpendBudget;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.internal.secrets.Cleaner;
import io.agentgovernance.payload.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One objective, with what belongs to it. Immutable; each method returns a changed copy. What is
 * not set comes from the orchestrator.
 *
 * <pre>{@code
 * RunRequest.of("Assess customer 4711").input("customer", new CustomerId("4711"))
 *     .document("statement.txt", text).timeout(Duration.ofSeconds(60))
 * }</pre>
 */
public final class RunRequest {
  /** The longest objective, in characters. */
  public static final int MAX_OBJECTIVE = 100_000;

  /** The most documents. */
  public static final int MAX_DOCUMENTS = 1_000;

  /** The longest document, in characters. */
  public static final int MAX_DOCUMENT = 4_000_000;

  private final String objective;
  private final Map<String, Payload> inputs;
  private final List<Document> documents;
  private final @Nullable RunId id;
  private final @Nullable Team team;
  private final @Nullable Duration timeout;
  private final @Nullable SpendBudget spend;
  private final Set<AgentRole> elsewhere;

  private RunRequest(
      String objective,
      Map<String, Payload> inputs,
      List<Document> documents,
      @Nullable RunId id,
      @Nullable Team team,
      @Nullable Duration timeout,
      @Nullable SpendBudget spend,
      Set<AgentRole> elsewhere) {
    this.objective = objective;
    this.inputs = inputs;
    this.documents = documents;
    this.id = id;
    this.team = team;
    this.timeout = timeout;
    this.spend = spend;
    this.elsewhere = elsewhere;
  }

  /**
   * A request for an objective.
   *
   * @throws BadInputException if it is blank or longer than {@value #MAX_OBJECTIVE} characters
   */
  public static RunRequest of(String objective) {
    requireNonNull(objective, "objective");
    if (objective.isBlank()) {
      throw new BadInputException(
          "objective", "blank text", "what the team is to reach", "Say it in a sentence.");
    }
    if (objective.length() > MAX_OBJECTIVE) {
      throw new BadInputException(
          "objective",
          objective.length() + " characters",
          "at most " + MAX_OBJECTIVE,
          "Put long material into documents.");
    }
    return new RunRequest(objective.strip(), Map.of(), List.of(), null, null, null, null, Set.of());
  }

  /** Adds a named input: a record, a map, text, a number, or a {@link Payload}. */
  public RunRequest input(String name, Object value) {
    requireNonNull(name, "name");
    requireNonNull(value, "value");
    Map<String, Payload> changed = new LinkedHashMap<>(inputs);
    changed.put(name, value instanceof Payload payload ? payload : Payload.of(value));
    return new RunRequest(
        objective,
        Collections.unmodifiableMap(changed),
        documents,
        id,
        team,
        timeout,
        spend,
        elsewhere);
  }

  /** Adds a document. */
  public RunRequest document(String name, String text) {
    if (name.isBlank() || text.length() > MAX_DOCUMENT || documents.size() >= MAX_DOCUMENTS) {
      throw new BadInputException(
          "document '" + name + "'",
          text.length() + " characters, document number " + (documents.size() + 1),
          "a name, at most "
              + MAX_DOCUMENT
              + " characters, at most "
              + MAX_DOCUMENTS
              + " documents",
          "Split or shorten the material.");
    }
    List<Document> changed = new ArrayList<>(documents);
    changed.add(new Document(name, text));
    return new RunRequest(
        objective,
        inputs,
        Collections.unmodifiableList(changed),
        id,
        team,
        timeout,
        spend,
        elsewhere);
  }

  /** The same without secrets, which no run is to know. */
  RunRequest cleaned(Cleaner cleaner) {
    return new RunRequest(
        cleaner.text(objective),
        cleaner.value(inputs),
        cleaner.value(documents),
        id,
        team,
        timeout,
        spend,
        elsewhere);
  }

  /** Sets the run's id, which makes starting it idempotent. If unset, a new ULID. */
  public RunRequest id(RunId id) {
    return new RunRequest(
        objective, inputs, documents, requireNonNull(id, "id"), team, timeout, spend, elsewhere);
  }

  /** Sets the team. If unset, the orchestrator's. */
  public RunRequest team(Team team) {
    return new RunRequest(
        objective, inputs, documents, id, requireNonNull(team, "team"), timeout, spend, elsewhere);
  }

  /** Sets how much active time the run has. If unset, the orchestrator's. */
  public RunRequest timeout(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new BadInputException(
          "RunRequest.timeout",
          timeout.toString(),
          "a positive duration",
          "Give the run some time.");
    }
    return new RunRequest(objective, inputs, documents, id, team, timeout, spend, elsewhere);
  }

  /** Sets what the run may spend. If unset, the orchestrator's. */
  public RunRequest spend(SpendBudget spend) {
    return new RunRequest(
        objective, inputs, documents, id, team, timeout, requireNonNull(spend, "spend"), elsewhere);
  }

  /**
   * Names roles that other hosts run: they come by {@link Orchestrator#join}. A role that nobody
   * has joined within ten seconds, or whose host has died, is run here. Needs a coordination store
   * that the hosts share, such as {@code redis:}, and checkpoints that they share.
   */
  public RunRequest elsewhere(String... roles) {
    Set<AgentRole> others = new LinkedHashSet<>(elsewhere);
    for (String role : roles) {
      others.add(AgentRole.of(role));
    }
    return new RunRequest(
        objective,
        inputs,
        documents,
        id,
        team,
        timeout,
        spend,
        Collections.unmodifiableSet(others));
  }

  /** What the team is to reach. */
  public String objective() {
    return objective;
  }

  /** The named inputs. */
  public Map<String, Payload> inputs() {
    return inputs;
  }

  /** The documents. */
  public List<Document> documents() {
    return documents;
  }

  /** The run's id, if the host supplied one. */
  public Optional<RunId> id() {
    return Optional.ofNullable(id);
  }

  /** The team, if it is not the orchestrator's. */
  public Optional<Team> team() {
    return Optional.ofNullable(team);
  }

  /** The active time, if it is not the orchestrator's. */
  public Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  /** The budget, if it is not the orchestrator's. */
  public Optional<SpendBudget> spend() {
    return Optional.ofNullable(spend);
  }

  /** The roles that other hosts are expected to run. */
  public Set<AgentRole> elsewhere() {
    return elsewhere;
  }
}
