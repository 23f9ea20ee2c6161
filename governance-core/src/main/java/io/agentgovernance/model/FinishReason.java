// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

/** Why a model stopped writing. */
public enum FinishReason {
  /** The reply is complete. */
  STOP,
  /** The reply was cut at the token limit. */
  LENGTH,
  /** The model asks for the tools in {@link ChatReply#toolUses()} and waits for their results. */
  TOOL_USE,
  /** A filter withheld the reply or the model refused. */
  CONTENT_FILTER,
  /** The reply broke off; what is there may be incomplete. */
  ERROR
}
