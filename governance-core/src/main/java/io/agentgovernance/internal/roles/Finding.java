// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.payload.Schema;

/** Something the sources say that matters for the objective. */
public record Finding(
    @Schema.Doc("What follows from the passage, in one sentence") String claim,
    Citation citation) {}
