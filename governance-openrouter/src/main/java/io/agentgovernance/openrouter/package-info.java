// SPDX-License-Identifier: Apache-2.0
/**
 * A chat model over OpenRouter or any OpenAI-compatible server. Start with {@link
 * io.agentgovernance.openrouter.OpenRouterChatModel}, or with the URI {@code openrouter:<model>}.
 */
@NullMarked
package io.agentgovernance.openrouter;

import org.jspecify.annotations.NullMarked;
