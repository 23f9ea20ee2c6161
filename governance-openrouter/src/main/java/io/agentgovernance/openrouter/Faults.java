// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** Puts a name to what goes wrong between here and the server. Immutable and thread safe. */
record Faults(Errors errors, Duration connectTimeout, Duration idleTimeout) {

  /** An exchange that was left before its end. */
  ModelException left(Job.Left why, Job<?> job, Duration limit) {
    ModelException.Builder error =
        switch (why) {
          case ABORTED ->
              ModelException.of(Kind.ABORTED, errors.server() + ": the call was aborted");
          case CLOSED -> ModelException.of(Kind.ABORTED, "openrouter: the client is closed");
          case TIME_IS_OVER ->
              ModelException.of(
                  Kind.TIMEOUT,
                  errors.server()
                      + ": no complete reply within "
                      + limit
                      + ". Raise the call timeout, or use a quicker model.");
        };
    return completed(error, job);
  }

  /** An exchange that ended with an exception. */
  ModelException of(Throwable thrown, Job<?> job, Duration limit) {
    Job.Left left = job.left();
    if (left != null) {
      return left(left, job, limit);
    } else if (thrown instanceof ModelException error) {
      return error;
    } else if (thrown instanceof IOException e) {
      return completed(network(e, job).cause(nameless(e)), job);
    } else if (thrown instanceof VirtualMachineError e && !(e instanceof StackOverflowError)) {
      throw e;
    }
    return completed(
        ModelException.of(
                Kind.MALFORMED_REPLY,
                errors.server()
                    + ": a reply could not be read ("
                    + thrown.getClass().getName()
                    + ")")
            .cause(nameless(thrown)),
        job);
  }

  private ModelException.Builder network(IOException e, Job<?> job) {
    if (e instanceof UnknownHostException) {
      return unavailable("the host is not known", "Check the base URL and the network.");
    }
    if (isTrust(e)) {
      return unavailable(
              "its certificate is not trusted, or not for this host",
              "Add the server's authority to the JVM's trust store"
                  + " (-Djavax.net.ssl.trustStore=…), or correct the base URL.")
          .pointlessToRetry();
    }
    if (!job.sent()) {
      return e instanceof SocketTimeoutException
          ? unavailable(
              "no connection within " + connectTimeout, "Check the base URL and the network.")
          : unavailable(
              "no connection (" + e.getClass().getSimpleName() + ")",
              "Check that the server runs and that the base URL is right.");
    }
    if (e instanceof SocketTimeoutException) {
      return ModelException.of(
          Kind.TIMEOUT,
          errors.server()
              + ": nothing came for "
              + idleTimeout
              + ". Raise openrouter.idle-timeout, or use a quicker model.");
    }
    if (e instanceof InterruptedIOException) {
      return ModelException.of(Kind.TIMEOUT, errors.server() + ": no complete reply in time");
    }
    if (e instanceof ProtocolException) {
      return ModelException.of(
          Kind.MALFORMED_REPLY,
          errors.server() + ": the reply broke off or is no HTTP; check the base URL");
    }
    return unavailable(
        "the connection was lost (" + e.getClass().getSimpleName() + ")",
        "Try again, or add a fallback model.");
  }

  private static boolean isTrust(IOException e) {
    if (!(e instanceof SSLException)) {
      return false;
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException
          || cause instanceof javax.net.ssl.SSLPeerUnverifiedException) {
        return true;
      }
    }
    return false;
  }

  private ModelException.Builder unavailable(String what, String advice) {
    return ModelException.of(Kind.UNAVAILABLE, errors.server() + ": " + what + ". " + advice);
  }

  /** What is known of the reply, so that its cost can be settled. */
  static ModelException completed(ModelException.Builder error, Job<?> job) {
    error = job.sent() ? error.mayHaveCost() : error.costNothing();
    String id = job.replyId();
    if (id != null) {
      error = error.replyId(id);
    }
    var usage = job.usage();
    return (usage == null ? error : error.usage(usage)).build();
  }

  /** Without the message, which may repeat a header or a part of the body. */
  private static Throwable nameless(Throwable e) {
    IOException copy = new IOException(e.getClass().getName());
    copy.setStackTrace(e.getStackTrace());
    return copy;
  }
}
