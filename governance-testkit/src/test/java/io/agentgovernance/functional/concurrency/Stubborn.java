// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional.concurrency;

import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.AgentStoppedException;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.model.ToolSpec;
import io.agentgovernance.model.Usage;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import io.agentgovernance.tool.Tool;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A body that is blocked somewhere when its run ends, and then tries everything an agent can do.
 * One instance serves one batch of runs.
 */
final class Stubborn implements AutoCloseable {
  /** Where it is blocked, and whether an interrupt gets it out of there. */
  enum Place {
    MODEL,
    TOOL,
    MESSAGE,
    DEAF_MODEL,
    DEAF_TOOL,
    DEAF_BODY;

    boolean deaf() {
      return this == DEAF_MODEL || this == DEAF_TOOL || this == DEAF_BODY;
    }
  }

  /** How many things a deaf body tries once it is released. */
  static final int ATTEMPTS = 10;

  private final CountDownLatch blocked;
  private final Held held = new Held();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  Stubborn(int runs) {
    blocked = new CountDownLatch(runs);
  }

  void awaitBlocked() {
    Held.reached(blocked);
  }

  /** Lets go of all it holds, also when the test has failed. */
  @Override
  public void close() {
    held.release();
  }

  int accepted() {
    return accepted.get();
  }

  int refused() {
    return refused.get();
  }

  String run(AgentContext ctx) {
    ctx.awaitChange(List.of(), Runs.LONG);
    Proposal proposal = ctx.proposals().get(0);
    Place place = Place.valueOf(ctx.objective());
    attempt(() -> block(ctx, place));
    if (place.deaf()) {
      attempt(() -> ctx.blackboard().put("late", "written"));
      attempt(() -> ctx.blackboard().get("late"));
      attempt(() -> ctx.send("BETA", "late"));
      attempt(() -> ctx.broadcast("late"));
      attempt(() -> ctx.propose("late"));
      attempt(() -> ctx.vote(proposal, Ballot.Choice.ACCEPT, "late"));
      attempt(() -> ctx.model().ask(Prompt.user("late")));
      attempt(() -> ctx.tools().call("slow", Map.of()));
      attempt(ctx::heartbeat);
    }
    return "late output";
  }

  private void block(AgentContext ctx, Place place) {
    switch (place) {
      case MODEL, DEAF_MODEL -> ctx.model().ask(Prompt.user(place.name()));
      case TOOL, DEAF_TOOL -> ctx.tools().call("slow", Map.of("deaf", place.deaf()));
      case MESSAGE -> {
        blocked.countDown();
        ctx.receive(Runs.LONG);
      }
      case DEAF_BODY -> {
        blocked.countDown();
        held.deaf();
        ctx.now();
      }
    }
  }

  private void attempt(Runnable action) {
    try {
      action.run();
      accepted.incrementAndGet();
    } catch (AgentStoppedException e) {
      refused.incrementAndGet();
    }
  }

  /** Blocks as the words of the prompt say. */
  ChatModel model() {
    return (request, exchange) -> {
      blocked.countDown();
      if (request.messages().stream().anyMatch(message -> message.text().contains("DEAF"))) {
        held.deaf();
      } else {
        held.politely();
      }
      return ChatReply.of("late reply", Usage.of(10, 10), request.model());
    };
  }

  /** Blocks as its input says. */
  Tool tool() {
    return Tool.of(
            new ToolSpec("slow", "", Schema.parse("{\"type\":\"object\"}")),
            (input, call) -> {
              blocked.countDown();
              if (input.json().contains("true")) {
                held.deaf();
              } else {
                held.politely();
              }
              return Payload.text("late result");
            })
        .requires(TrustTier.T1);
  }
}
