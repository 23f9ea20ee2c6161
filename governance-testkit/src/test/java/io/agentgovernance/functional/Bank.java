// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.core.TrustTier;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.tool.Effect;
import io.agentgovernance.tool.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A bank whose transfers a person has to approve. Thread safe. */
final class Bank {
  private final List<Long> transferred = new CopyOnWriteArrayList<>();
  private final List<String> read = new CopyOnWriteArrayList<>();

  /** What a transfer takes. */
  record Transfer(long amount) {}

  /** What reading an account takes. */
  record Account(String id) {}

  /** Moves money, once. */
  Tool transfer() {
    return Tool.of(
            "transfer",
            Transfer.class,
            String.class,
            (transfer, call) -> {
              transferred.add(transfer.amount());
              return "moved " + transfer.amount();
            })
        .effect(Effect.ONCE)
        .requires(TrustTier.T1);
  }

  /** Reads an account. */
  Tool balance() {
    return Tool.of(
            "balance",
            Account.class,
            Long.class,
            (account, call) -> {
              read.add(account.id());
              return 1_000L;
            })
        .effect(Effect.READ)
        .requires(TrustTier.T1);
  }

  /** What was moved, in order. */
  List<Long> transferred() {
    return List.copyOf(transferred);
  }

  /** What was read, in order. */
  List<String> read() {
    return List.copyOf(read);
  }

  /** Asks a person about transfers. */
  static Policy fourEyes(Duration within) {
    return new FourEyes(within);
  }

  private record FourEyes(Duration within) implements Policy {
    @Override
    public Verdict check(Action action) {
      return action.name().equals("tool:transfer")
          ? Verdict.requireApproval("Move the money?", within)
          : Verdict.allow();
    }
  }
}
