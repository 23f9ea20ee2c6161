// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.coordination.MediationReason;

/**
 * The content of a mediator's message: {@code message.content().read(Directive.class)}. Immutable.
 *
 * @param directive what the receiver is to do
 * @param reason why the mediator was spawned
 */
public record Directive(String directive, MediationReason reason) {
  public Directive {
    requireNonNull(directive, "directive");
    requireNonNull(reason, "reason");
  }
}
