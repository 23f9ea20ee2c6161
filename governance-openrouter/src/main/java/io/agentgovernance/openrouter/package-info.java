// SPDX-License-Identifier: Apache-2.0
/** A chat model over OpenRouter or any OpenAI-compatible server. */
@NullMarked
package io.agentgovernance.openrouter;

import org.jspecify.annotations.NullMarked;
