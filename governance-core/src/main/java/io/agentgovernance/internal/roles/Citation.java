// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.payload.Schema;

/** A passage of a source, word for word. */
public record Citation(
    @Schema.Doc("The name of the document, or objective") String source,
    @Schema.Doc("A passage of that source, copied character by character") String quote) {}
