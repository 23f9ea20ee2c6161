// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.internal.calls.Breaker;
import io.agentgovernance.internal.calls.ModelRoute;
import io.agentgovernance.internal.providers.ProviderUri;
import io.agentgovernance.internal.providers.Providers;
import io.agentgovernance.internal.secrets.Cleaner;
import io.agentgovernance.ledger.Durability;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.ProviderContext;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Opens what a builder was told by URI, and collects every problem with that. Not thread safe: used
 * once, by the thread that builds.
 */
final class Opening {
  private static final Log log = Log.of(Opening.class);

  private final Parts from;
  private final ClassLoader loader;
  private final ProviderContext context;
  private final Cleaner cleaner;
  private final Deque<AutoCloseable> opened;
  private final List<BadInputException> problems = new ArrayList<>();

  /**
   * @param opened takes what was opened, to be closed in the opposite order
   */
  Opening(
      Parts from,
      ClassLoader loader,
      ProviderContext context,
      Cleaner cleaner,
      Deque<AutoCloseable> opened) {
    this.from = from;
    this.loader = loader;
    this.context = context;
    this.cleaner = cleaner;
    this.opened = opened;
  }

  /** The coordination store; null if there is a problem with it. */
  @Nullable Coordination coordination() {
    return choose(
        "blackboard", from.blackboard, uri -> Providers.coordinations(loader).open(uri, context));
  }

  /** The checkpoint store; null if there is a problem with it. */
  @Nullable CheckpointStore checkpoints() {
    CheckpointStore store =
        choose(
            "checkpoints",
            from.checkpoints,
            uri -> Providers.checkpointStores(loader).open(uri, context));
    if (store != null) {
      durable("checkpoints", store.durability());
    }
    return store;
  }

  /** The ledger; null if there is a problem with it. */
  @Nullable AuditLedger ledger() {
    AuditLedger ledger =
        choose("ledger", from.ledger, uri -> Providers.ledgers(loader).open(uri, context));
    if (ledger != null) {
      durable("ledger", ledger.durability());
    }
    return ledger;
  }

  /** Whether something could not be opened, or is not what was asked for. */
  boolean failed() {
    return !problems.isEmpty();
  }

  private <T extends AutoCloseable> @Nullable T choose(
      String where, Parts.Choice<T> choice, Function<ProviderUri, T> open) {
    T given = choice.instance();
    if (given != null) {
      return given;
    }
    return open(where, String.valueOf(choice.uri()), open);
  }

  private <T extends AutoCloseable> @Nullable T open(
      String where, String uri, Function<ProviderUri, T> open) {
    try {
      T made = open.apply(ProviderUri.parse(where, uri));
      opened.push(made);
      return made;
    } catch (BadInputException e) {
      problems.add(cleaner.badInput(e));
      log.debug("{} could not be opened", where, e);
      return null;
    } catch (GovernanceException e) {
      throw cleaner.exception(e);
    }
  }

  /** The model routes, in the order of fallback, without those there is a problem with. */
  List<ModelRoute> routes() {
    List<Parts.ModelChoice> choices = new ArrayList<>(from.models);
    if (choices.isEmpty()) {
      from.settings
          .openRouterModel()
          .ifPresent(name -> choices.add(new Parts.ModelChoice("openrouter:" + name, null)));
    }
    List<ModelRoute> routes = new ArrayList<>();
    for (Parts.ModelChoice choice : choices) {
      ChatModel model = choice.instance();
      String id = choice.name();
      if (model == null) {
        model = open("model", choice.name(), uri -> Providers.models(loader).open(uri, context));
        id = choice.name().substring(choice.name().indexOf(':') + 1);
      }
      if (model != null) {
        routes.add(
            new ModelRoute(
                choice.name(),
                id.isBlank() ? choice.name() : id,
                model,
                new Breaker(choice.name(), from.time),
                from.callTimeout));
      }
    }
    return routes;
  }

  private void durable(String where, Durability found) {
    if (!found.atLeast(from.required)) {
      problems.add(
          new BadInputException(
              "OrchestratorBuilder.require(" + from.required + ")",
              "a " + where + " that is " + found,
              "one that is at least " + from.required,
              "Use a durable one, such as sqlite:<path> of io.agentgovernance:governance-ledger; a"
                  + " Redis server is durable with appendonly yes and appendfsync always."));
    }
  }

  /** All problems in one exception. */
  BadInputException together() {
    if (problems.size() == 1) {
      return problems.get(0);
    }
    StringBuilder found = new StringBuilder();
    for (BadInputException problem : problems) {
      found.append("\n  - ").append(problem.getMessage());
    }
    BadInputException all =
        new BadInputException(
            "OrchestratorBuilder.build",
            problems.size() + " problems:" + found,
            "none",
            "Correct each of them.");
    problems.forEach(all::addSuppressed);
    return all;
  }
}
