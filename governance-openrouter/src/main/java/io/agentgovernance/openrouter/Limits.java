// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

/** What a server can make this client hold in memory. */
final class Limits {
  /** One line of a stream. */
  static final int LINE_BYTES = 4 << 20;

  /** The data of one event. */
  static final int EVENT_BYTES = 4 << 20;

  /** A whole reply, streamed or not, as it comes from the server. */
  static final int REPLY_BYTES = 32 << 20;

  /** The body of an error. */
  static final int ERROR_BYTES = 64 << 10;

  /** The list of models, and whatever else is asked for apart from replies. */
  static final int LIST_BYTES = 32 << 20;

  /** Tools one reply can ask for. */
  static final int TOOL_CALLS = 256;

  /** Pieces of reasoning one reply can have, after those that belong together were joined. */
  static final int REASONING = 4096;

  private Limits() {}
}
