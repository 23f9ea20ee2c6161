// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import io.agentgovernance.internal.calls.ModelRoute;
import io.agentgovernance.internal.providers.ProviderUri;
import java.util.List;

/** The effective settings of an orchestrator, for people and without secrets. Stateless. */
final class Description {
  private Description() {}

  static String of(Parts from, List<ModelRoute> routes) {
    StringBuilder text = new StringBuilder(from.settings.describe().stripTrailing());
    text.append("\nmodels = ").append(routes.stream().map(ModelRoute::uri).toList());
    text.append("\nblackboard = ").append(shown(from.blackboard));
    text.append("\ncheckpoints = ").append(shown(from.checkpoints));
    text.append("\nledger = ").append(shown(from.ledger));
    text.append("\nworkers = ").append(from.workers);
    text.append("\nspend = ").append(from.spend.cost()).append(", ").append(from.spend.tokens());
    text.append(" tokens");
    return text.append('\n').toString();
  }

  private static String shown(Parts.Choice<?> choice) {
    String uri = choice.uri();
    Object instance = choice.instance();
    if (uri != null) {
      return ProviderUri.parse("uri", uri).safe();
    }
    return instance == null ? "none" : instance.getClass().getSimpleName();
  }
}
