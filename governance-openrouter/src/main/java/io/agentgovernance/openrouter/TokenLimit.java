// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

/**
 * In which field a server is told how long a reply may be. A field that it does not know it mostly
 * ignores, and then the reply is as long as it likes.
 */
public enum TokenLimit {
  /** {@code max_completion_tokens}. The default for OpenRouter and OpenAI. */
  MAX_COMPLETION_TOKENS,
  /** {@code max_tokens}, the older one. */
  MAX_TOKENS,
  /** Both. The default for other servers: Ollama ignores the newer one. */
  BOTH
}
