// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.RepeatedCallException;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.internal.calls.LoopDetector;
import io.agentgovernance.internal.calls.ModelRouter;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.policy.Action;
import io.agentgovernance.tool.Effect;
import org.jspecify.annotations.Nullable;

/**
 * The model calls of an agent under governance: evaluate, then reserve, INTENT, act, remember,
 * OUTCOME, settle, which is a {@link ModelCall}. Not thread safe: confined to the agent's thread.
 */
final class ModelCalls {
  private static final String ANY_MODEL = "any";

  private final AgentRunner agent;
  private final ActionGate gate;
  private final LoopDetector loops;
  private int turn;
  private @Nullable ModelCall current;

  ModelCalls(AgentRunner agent, ActionGate gate, LoopDetector loops) {
    this.agent = agent;
    this.gate = gate;
    this.loops = loops;
  }

  /** Answers from the journal, or calls; a reply is remembered before it is settled and used. */
  ChatReply call(ChatRequest request) {
    turn++;
    current = null;
    Digest digest = request.digest();
    boolean repeats = loops.repeats(digest); // calls answered from the journal are calls too
    ChatReply reply =
        gate.recorded(
            "model",
            digest,
            RecordedReply::write,
            RecordedReply::read,
            () -> live(request, digest, repeats));
    ModelCall made = current;
    if (made != null) {
      current = null;
      made.conclude(reply);
    }
    return reply;
  }

  private ChatReply live(ChatRequest request, Digest digest, boolean repeats) {
    ModelRouter router = agent.run().services().router();
    Payload input = ModelInput.of(request);
    Action action =
        gate.action(Action.MODEL, target(router), input, Effect.IDEMPOTENT, TrustTier.T0);
    if (repeats) {
      throw agent.errors().failed(new RepeatedCallException(action.name()), action.name());
    }
    if (router == null) {
      throw gate.deny(
          action, "library", "NO_MODEL", "no model is configured; add builder.model(\"local:\")");
    }
    ActionGate.Passed passed = gate.pass(action);
    ChatRequest ruled = ModelInput.rewritten(request, input, passed.action().input());
    if (ruled == null) {
      throw gate.deny(
          action,
          "library",
          "REWRITE_SHAPE",
          "a policy changed more of the request than its texts");
    }
    ModelCall call =
        new ModelCall(
            agent,
            gate,
            new ModelCall.Asked(
                ruled, ruled.equals(request) ? digest : ruled.digest(), passed, turn));
    ChatReply reply = call.make(router);
    current = call;
    return reply;
  }

  private static String target(@Nullable ModelRouter router) {
    return router == null ? ANY_MODEL : router.routes().get(0).modelId();
  }
}
