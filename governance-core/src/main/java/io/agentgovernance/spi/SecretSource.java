// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.secret.Secret;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where secrets come from. URIs given to the builder name them by reference, such as {@code
 * vault:services/dragonfly}; the value never appears in a URI.
 *
 * <p>Thread safe. May block for the backend's timeout, never longer.
 */
@FunctionalInterface
public interface SecretSource extends AutoCloseable {

  /**
   * Reads a secret; the caller closes it.
   *
   * @param reference the reference, with its scheme
   * @throws io.agentgovernance.GovernanceException if it cannot be read; what needs it is then
   *     denied. Usually a {@link io.agentgovernance.secret.SecretUnavailableException}
   */
  Secret read(String reference);

  /**
   * Says whether this source is the one to ask for a reference. References it does not read are
   * left to the sources found by scheme. By default it reads all.
   */
  default boolean reads(String reference) {
    return true;
  }

  /**
   * Gives back what the source holds: connections, threads, tokens. Idempotent; by default none.
   */
  @Override
  default void close() {}

  /**
   * Reads {@code env:<NAME>} from these variables, usually {@link System#getenv()}. The value is
   * taken as it is; an empty one is refused.
   */
  static SecretSource environment(Map<String, String> variables) {
    return new EnvironmentSecrets(variables);
  }

  /**
   * Reads {@code file:<path>}. One line break at the end is not part of the secret.
   *
   * <p>A file that others than its owner may change or that everybody may read is refused on POSIX
   * file systems; its group may read it, which is how Kubernetes mounts secrets for a process that
   * is not root. So are files of more than 64 KiB, and those that are not text in UTF-8.
   *
   * @param folder what relative paths are relative to
   */
  static SecretSource files(Path folder) {
    return new FileSecrets(folder);
  }
}
