// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.model;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.payload.Schema;
import java.util.regex.Pattern;

/**
 * A tool as a model sees it. Immutable and thread safe.
 *
 * @param name 1 to 64 of {@code A-Z a-z 0-9 _ -}, the common ground of model providers
 * @param description what it does, for the model
 * @param input the schema of its arguments
 */
public record ToolSpec(String name, String description, Schema input) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  public ToolSpec {
    requireNonNull(name, "name");
    requireNonNull(description, "description");
    requireNonNull(input, "input");
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "tool name '" + name + "': expected 1 to 64 of A-Z a-z 0-9 _ -");
    }
  }
}
