// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

/** How a server is told which shape a reply must have. */
public enum StructuredOutput {
  /** {@code response_format} with the JSON Schema. The default for OpenRouter. */
  SCHEMA,
  /**
   * The same, and the schema in words: some servers only use it to restrict what the model writes
   * and do not show it to the model. The default for other servers.
   */
  SCHEMA_AND_PROMPT,
  /** {@code response_format} of any JSON object, and the schema in words. */
  OBJECT_AND_PROMPT,
  /** The schema in words only. */
  PROMPT
}
