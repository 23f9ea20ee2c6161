// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.agent;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.GovernanceException;
import org.jspecify.annotations.Nullable;

/** A tool that failed, timed out, or was given input it does not take. */
public final class ToolFailedException extends GovernanceException {
  private static final long serialVersionUID = 1L;

  private final String tool;
  private final String problem;

  public ToolFailedException(String tool, String problem, @Nullable Throwable cause) {
    super("tool '" + tool + "' failed: " + problem, cause);
    this.tool = requireNonNull(tool, "tool");
    this.problem = requireNonNull(problem, "problem");
  }

  /** The tool. */
  public String tool() {
    return tool;
  }

  /** What went wrong, in the tool's words. */
  public String problem() {
    return problem;
  }
}
