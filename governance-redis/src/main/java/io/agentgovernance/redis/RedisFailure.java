// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.GovernanceException;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A command got no answer, or an error for an answer. Stays within this package: who made the call
 * says in its own exception what that means.
 */
final class RedisFailure extends GovernanceException {
  private static final long serialVersionUID = 1L;
  private static final List<String> PASSING =
      List.of("CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "LOADING", "READONLY", "BUSY", "UNBLOCKED");

  private static final String NOT_CONNECTED = "not connected"; // as Lettuce 6 and 7 say it

  private final Kind kind;

  private RedisFailure(String message, @Nullable Throwable cause, Kind kind) {
    super(message, cause);
    this.kind = kind;
  }

  /** Whether the same call may succeed later. */
  private enum Kind {
    /** And nothing was sent, because there is no connection. */
    UNSENT,
    PASSING,
    LASTING
  }

  /**
   * Says what went wrong.
   *
   * @param where which server
   * @param what which command or script
   */
  static RedisFailure of(String where, String what, Throwable thrown) {
    Throwable cause = unwrapped(thrown);
    if (cause instanceof RedisFailure known) {
      return known;
    }
    if (cause instanceof RedisCommandExecutionException refused) {
      String said = String.valueOf(refused.getMessage());
      boolean passing =
          cause instanceof RedisLoadingException
              || cause instanceof RedisBusyException
              || cause instanceof RedisReadOnlyException
              || PASSING.stream().anyMatch(said::startsWith);
      return new RedisFailure(
          where + ": " + what + " was refused: " + said,
          cause,
          passing ? Kind.PASSING : Kind.LASTING);
    }
    String tls = tls(cause);
    if (tls != null) {
      return new RedisFailure(where + ": no connection: " + tls, cause, Kind.LASTING);
    }
    return new RedisFailure(
        where + ": no answer to " + what + " (" + cause.getClass().getSimpleName() + ")",
        cause,
        String.valueOf(cause.getMessage()).contains(NOT_CONNECTED) ? Kind.UNSENT : Kind.PASSING);
  }

  /** What is wrong with the server's certificate, or with speaking TLS to it at all. */
  private static @Nullable String tls(Throwable thrown) {
    SSLException found = null;
    CertificateException certificate = null;
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (found == null && at instanceof SSLException ssl) {
        found = ssl;
      }
      if (at instanceof CertificateException refused) {
        certificate = refused;
      }
    }
    if (certificate != null) {
      return "the certificate of the server was refused ("
          + certificate.getMessage()
          + "); name the host as the certificate does, and the authority that signed it with"
          + " ca=<PEM file>";
    }
    return found == null ? null : "TLS failed (" + found.getMessage() + "); see that it speaks TLS";
  }

  static Throwable unwrapped(Throwable thrown) {
    Throwable at = thrown;
    while ((at instanceof CompletionException || at instanceof ExecutionException)
        && at.getCause() != null) {
      at = at.getCause();
    }
    return at;
  }

  /** Whether nothing was sent, because there is no connection. */
  boolean unsent() {
    return kind == Kind.UNSENT;
  }

  @Override
  public boolean retryable() {
    return kind != Kind.LASTING;
  }
}
