// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.core;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.payload.WireName;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part an agent plays in a team. Hosts name their own. Two roles whose names differ in case
 * only are equal. Immutable and thread safe.
 *
 * @param name 1 to 32 characters of A-Z, a-z, 0-9, '_' and '-', the first a letter
 */
public record AgentRole(String name) implements WireName {
  /** Research: analyses and makes proposals. */
  public static final AgentRole ALPHA = new AgentRole("ALPHA");

  /** Synthesis: evaluates proposals and builds the solution. */
  public static final AgentRole BETA = new AgentRole("BETA");

  /** Mediation: spawned when the team is stuck, conflicted or facing too much complexity. */
  public static final AgentRole GAMMA = new AgentRole("GAMMA");

  /** Checks the form. */
  public AgentRole {
    requireNonNull(name, "name");
    if (!Form.PATTERN.matcher(name).matches()) {
      throw new BadInputException(
          "agent role",
          Wire.quoted(name),
          "1 to 32 characters of A-Z, a-z, 0-9, '_' and '-', the first a letter",
          "Give the role a short ASCII name");
    }
  }

  /**
   * Makes a role of a name.
   *
   * @throws BadInputException if the name has another form
   */
  public static AgentRole of(String name) {
    return new AgentRole(name);
  }

  /** The same as {@link #of}, for names that come from outside. */
  public static AgentRole parse(String name) {
    return new AgentRole(name);
  }

  /** Returns the name in lower case: what roles are compared by and agent ids end with. */
  public String key() {
    return name.toLowerCase(Locale.ROOT);
  }

  @Override
  public String wireName() {
    return name;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AgentRole role && key().equals(role.key());
  }

  @Override
  public int hashCode() {
    return key().hashCode();
  }

  @Override
  public String toString() {
    return name;
  }

  /** Apart, so that it is there before the constants are made. */
  private static final class Form {
    static final Pattern PATTERN = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,31}");
  }
}
