// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

/** What kind of server is asked. */
public enum Dialect {
  /**
   * OpenRouter: model lists, provider routing, prices, {@code /key} and {@code /generation}. The
   * default for openrouter.ai.
   */
  OPENROUTER,
  /**
   * Any other server that speaks OpenAI's chat completions, such as Ollama, vLLM, llama.cpp or a
   * company's gateway: nothing is sent that only OpenRouter knows. The default for other hosts.
   */
  OPENAI
}
