// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.secret.SecretUnavailableException;
import io.agentgovernance.spi.SecretSource;
import org.jspecify.annotations.Nullable;

/**
 * The key of a server: read when it is needed, kept nowhere. Thread safe; reading blocks as its
 * source does.
 */
final class ApiKey {
  static final String DEFAULT_REFERENCE = "env:OPENROUTER_API_KEY";

  private final @Nullable SecretSource source;
  private final @Nullable Secret fixed;
  private final String reference;

  private ApiKey(@Nullable SecretSource source, @Nullable Secret fixed, String reference) {
    this.source = source;
    this.fixed = fixed;
    this.reference = reference;
  }

  static ApiKey none() {
    return new ApiKey(null, null, "");
  }

  /** A key of the host, who closes it. */
  static ApiKey of(Secret key) {
    return new ApiKey(null, key, "the builder");
  }

  static ApiKey of(SecretSource source, String reference) {
    return new ApiKey(source, null, reference);
  }

  /** Where it comes from; empty if there is none. Never the key. */
  String reference() {
    return reference;
  }

  /**
   * Returns the value of the {@code Authorization} header; null for none.
   *
   * @throws ModelException if the key cannot be read, or is no key
   */
  @Nullable String authorization() {
    SecretSource from = source;
    if (from == null) {
      return fixed == null ? null : bearer(fixed);
    }
    try (Secret read = from.read(reference)) {
      return bearer(read);
    } catch (SecretUnavailableException e) {
      ModelException.Builder error =
          ModelException.of(Kind.AUTHENTICATION, String.valueOf(e.getMessage())).cause(e);
      throw (e.retryable() ? error.worthRetrying() : error).build();
    }
  }

  private String bearer(Secret key) {
    String header = key.use(value -> isUsable(value) ? "Bearer " + new String(value).strip() : "");
    if (header.isEmpty()) {
      throw new ModelException(
          Kind.AUTHENTICATION,
          "the key from "
              + reference
              + ": found characters that no key has, expected printable ASCII without spaces."
              + " Store the key alone, without quotes or line breaks.");
    }
    return header;
  }

  /** A line break at the end is what editors leave; within, it would be another header. */
  private static boolean isUsable(char[] value) {
    int end = value.length;
    while (end > 0 && (value[end - 1] == '\n' || value[end - 1] == '\r')) {
      end--;
    }
    for (int i = 0; i < end; i++) {
      if (value[i] <= ' ' || value[i] > '~') {
        return false;
      }
    }
    return end > 0;
  }
}
