// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.core.TrustTier;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.io.IOException;

/** Tools that tell secrets. */
final class TellingTools {
  private TellingTools() {}

  record In(String text) {}

  record Out(String text) {}

  /** One that tells the secret it has read. */
  static Tool leaking(String name) {
    return Tool.of(
            name,
            In.class,
            Out.class,
            (in, call) -> {
              try (Secret secret = call.secret("env:PASSWORD")) {
                return new Out("connected with " + secret.use(String::new));
              }
            })
        .effect(Effect.READ)
        .requires(TrustTier.T1);
  }

  /** One that fails, and says so with this text. */
  static Tool failing(String name, String text) {
    return Tool.of(
            name,
            In.class,
            Out.class,
            (in, call) -> {
              throw new IOException("refused: " + in.text() + " " + text);
            })
        .effect(Effect.READ)
        .requires(TrustTier.T1);
  }

  /** One that wants a secret it may not read. */
  static Tool forbidden(String name) {
    return Tool.of(
            name,
            In.class,
            Out.class,
            (in, call) -> {
              try (Secret secret = call.secret("vault:services/forbidden")) {
                return new Out("connected with " + secret.<String>use(String::new));
              }
            })
        .effect(Effect.READ)
        .requires(TrustTier.T1);
  }
}
