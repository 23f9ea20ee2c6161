// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.secret.SecretUnavailableException.Reason;
import java.util.Map;
import java.util.regex.Pattern;

/** Secrets in environment variables. */
final class EnvironmentSecrets implements SecretSource {
  static final String PREFIX = "env:";

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,254}");
  private static final String EXPECTED = "the name of a variable that holds the secret";

  private final Map<String, String> variables;

  EnvironmentSecrets(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  @Override
  public boolean reads(String reference) {
    return reference.startsWith(PREFIX);
  }

  @Override
  public Secret read(String reference) {
    String name = reads(reference) ? reference.substring(PREFIX.length()) : "";
    if (!NAME.matcher(name).matches()) {
      throw new SecretUnavailableException(
          Reason.UNUSABLE,
          PREFIX + "...",
          "what is no name of a variable",
          EXPECTED,
          "Write 'env:' and the name, such as env:OPENROUTER_API_KEY, not the value.");
    }
    String value = variables.get(name);
    if (value == null || value.isBlank()) {
      throw new SecretUnavailableException(
          value == null ? Reason.ABSENT : Reason.UNUSABLE,
          reference,
          value == null ? "no such variable" : "a blank variable",
          EXPECTED,
          "Run: export %s=<the secret>, in the process that starts this one.".formatted(name));
    }
    return Secret.of(value);
  }

  /** Does not show the variables. */
  @Override
  public String toString() {
    return "SecretSource[env]";
  }
}
