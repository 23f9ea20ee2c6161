// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.GovernanceException;
import io.agentgovernance.agent.DeniedException;
import io.agentgovernance.agent.PartnerEndedException;
import io.agentgovernance.agent.RefusedException;
import io.agentgovernance.agent.RepeatedCallException;
import io.agentgovernance.agent.ToolFailedException;
import io.agentgovernance.coordination.VersionConflictException;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.ledger.LedgerUnavailableException;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.CheckpointUnavailableException;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.StaleEpochException;
import io.agentgovernance.spi.StateLostException;
import org.jspecify.annotations.Nullable;

/** Writes failures into the journal and makes them again: a body run again sees the same ones. */
final class Failures {

  /** A failure as it is recorded. Fields that a type does not have are empty. */
  record Recorded(String type, String a, String b, String c, String d) {}

  private Failures() {}

  /** Whether a body that is run again must see the failure, because it may have reacted to it. */
  static boolean recordable(GovernanceException e) {
    return e instanceof DeniedException
        || e instanceof ModelException
        || e instanceof ToolFailedException
        || e instanceof RefusedException
        || e instanceof RepeatedCallException
        || e instanceof PartnerEndedException
        || e instanceof VersionConflictException;
  }

  /**
   * Whether it is the infrastructure that failed: the run cannot go on, and no agent is to blame.
   */
  static boolean infrastructure(GovernanceException e) {
    return e instanceof CoordinationUnavailableException
        || e instanceof CheckpointUnavailableException
        || e instanceof StaleEpochException
        || e instanceof StateLostException;
  }

  /** Whether a run that ended with a code can be resumed, where its state is in a shared store. */
  static boolean leavesResumable(String code) {
    return code.equals("COORDINATION")
        || code.equals("CHECKPOINTS")
        || code.equals("STALE_EPOCH")
        || code.equals("LEASE_LOST")
        || code.equals("STATE_LOST");
  }

  /** The code of a run that a failure of the infrastructure ended. */
  static String code(GovernanceException e) {
    if (e instanceof CoordinationUnavailableException) {
      return "COORDINATION";
    } else if (e instanceof CheckpointUnavailableException) {
      return "CHECKPOINTS";
    } else if (e instanceof StaleEpochException) {
      return "STALE_EPOCH";
    } else if (e instanceof StateLostException) {
      return "STATE_LOST";
    }
    return e instanceof LedgerUnavailableException ? "LEDGER" : "RUNTIME";
  }

  static Payload write(GovernanceException e) {
    return Payload.of(recorded(e));
  }

  private static Recorded recorded(GovernanceException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof DeniedException d) {
      return new Recorded("denied", d.action(), d.policy(), d.rule(), d.reason());
    } else if (e instanceof ModelException m) {
      return new Recorded("model", m.kind().name(), message, Boolean.toString(m.retryable()), "");
    } else if (e instanceof ToolFailedException t) {
      return new Recorded("tool", t.tool(), t.problem(), "", "");
    } else if (e instanceof RefusedException r) {
      return new Recorded("refused", r.what(), r.code(), r.advice(), "");
    } else if (e instanceof RepeatedCallException r) {
      return new Recorded("repeated", r.action(), "", "", "");
    } else if (e instanceof PartnerEndedException p) {
      return new Recorded("partner", p.role(), p.status().name(), "", "");
    } else if (e instanceof VersionConflictException v) {
      return new Recorded(
          "version", v.key(), Long.toString(v.expected()), Long.toString(v.found()), v.writer());
    }
    throw new AssertionError(e);
  }

  static GovernanceException read(Payload value) {
    Recorded r = value.read(Recorded.class);
    return switch (r.type()) {
      case "denied" -> new DeniedException(r.a(), r.b(), r.c(), r.d());
      case "model" -> model(r);
      case "tool" -> new ToolFailedException(r.a(), r.b(), null);
      case "refused" -> new RefusedException(r.a(), r.b(), r.c());
      case "repeated" -> new RepeatedCallException(r.a());
      case "partner" -> new PartnerEndedException(r.a(), AgentStatus.valueOf(r.b()));
      case "version" ->
          new VersionConflictException(r.a(), Long.parseLong(r.b()), Long.parseLong(r.c()), r.d());
      default ->
          throw new GovernanceException(
              "journal: a failure of the unknown type '"
                  + r.type()
                  + "' was recorded by a newer version");
    };
  }

  private static ModelException model(Recorded r) {
    ModelException.Builder builder = ModelException.of(ModelException.Kind.valueOf(r.a()), r.b());
    return (Boolean.parseBoolean(r.c()) ? builder.worthRetrying() : builder.pointlessToRetry())
        .build();
  }

  /**
   * The deepest governance exception that already counted as an error, if {@code thrown} has one.
   */
  static @Nullable GovernanceException governed(Throwable thrown) {
    Throwable current = thrown;
    for (int depth = 0; current != null && depth < 32; depth++, current = current.getCause()) {
      if (current instanceof GovernanceException governed) {
        return governed;
      }
    }
    return null;
  }
}
