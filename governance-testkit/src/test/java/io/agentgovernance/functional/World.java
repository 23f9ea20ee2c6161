// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.approval.ApprovalRequest;
import io.agentgovernance.approval.Approvals;
import io.agentgovernance.approval.Approver;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.functional.Bank.Account;
import io.agentgovernance.functional.Bank.Transfer;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import io.agentgovernance.tool.ToolCall;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one process does to the world outside: calls of tools and models, each by the key that is
 * the same when it is made again, and questions to a person who approves. Thread safe.
 */
final class World implements Approver {
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final List<Long> transfers = new CopyOnWriteArrayList<>();
  private final List<ApprovalRequest> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger steps = new AtomicInteger();

  /** The keys of all calls, in order. */
  List<String> calls() {
    return List.copyOf(calls);
  }

  /** What was moved, in order. */
  List<Long> transfers() {
    return List.copyOf(transfers);
  }

  /** What a person was asked, in order. */
  List<ApprovalRequest> asked() {
    return List.copyOf(asked);
  }

  /** Does something that is counted. */
  int step() {
    return steps.incrementAndGet();
  }

  /** How often that was done. */
  int steps() {
    return steps.get();
  }

  /** Reads an account. */
  Tool balance() {
    return Tool.of("balance", Account.class, Long.class, (account, call) -> balance(call))
        .effect(Effect.READ)
        .requires(TrustTier.T1);
  }

  private long balance(ToolCall call) {
    calls.add(call.idempotencyKey());
    return 1_000L;
  }

  /** Books something, the same by the same key. */
  Tool book() {
    return Tool.of("book", Account.class, String.class, (account, call) -> book(account, call))
        .effect(Effect.IDEMPOTENT)
        .requires(TrustTier.T1);
  }

  private String book(Account account, ToolCall call) {
    calls.add(call.idempotencyKey());
    return "booked " + account.id();
  }

  /** Moves money, once. */
  Tool transfer() {
    return Tool.of("transfer", Transfer.class, String.class, this::transfer)
        .effect(Effect.ONCE)
        .requires(TrustTier.T1);
  }

  private String transfer(Transfer transfer, ToolCall call) {
    calls.add(call.idempotencyKey());
    transfers.add(transfer.amount());
    return "moved " + transfer.amount();
  }

  /** A model that answers by what it is asked. */
  ChatModel model() {
    return counting(
        (request, exchange) -> {
          String asked = request.messages().get(request.messages().size() - 1).text();
          return Scenes.reply("re: " + asked);
        });
  }

  /** A model whose calls are counted. */
  ChatModel counting(ChatModel model) {
    return new Counting(model);
  }

  private final class Counting implements ChatModel {
    private final ChatModel model;

    Counting(ChatModel model) {
      this.model = model;
    }

    @Override
    public ChatReply chat(ChatRequest request, Exchange exchange)
        throws ModelException, InterruptedException {
      calls.add(exchange.idempotencyKey());
      return model.chat(request, exchange);
    }
  }

  @Override
  public void requested(ApprovalRequest request, Approvals approvals) {
    asked.add(request);
    approvals.approve(request, "anna");
  }
}
