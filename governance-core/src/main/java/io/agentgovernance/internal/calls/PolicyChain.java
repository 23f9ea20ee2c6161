// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.policy.Action;
import io.agentgovernance.policy.Policy;
import io.agentgovernance.policy.Verdict;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks policies about an action, one after the other. Thread safe.
 *
 * <p>The first denial ends it. A rewrite changes the action that later policies see. The first
 * request for approval is remembered, and put when nobody denied. A policy that returns null,
 * throws, or makes the evaluation last longer than the timeout denies; so does a chain without
 * policies. Only a {@link VirtualMachineError} passes through, and then nothing is allowed either.
 *
 * <p>Policies run on the calling thread. Time is measured after each of the host's policies; one
 * that does not come back is interrupted at the timeout, see {@link InterruptGuard} for what
 * happens to the interrupt flag. A policy that ignores interruption keeps its thread: the agent's
 * deadline deals with that. The library's own policies are trusted to be quick.
 */
public final class PolicyChain {
  /** How long one evaluation may take. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

  /** The rule of a denial because a policy returned null. */
  public static final String NULL_VERDICT = "NULL_VERDICT";

  /** The rule of a denial because a policy threw. */
  public static final String POLICY_ERROR = "POLICY_ERROR";

  /** The rule of a denial because the evaluation took too long. */
  public static final String POLICY_TIMEOUT = "POLICY_TIMEOUT";

  /** The rule of a denial because there is no policy. */
  public static final String NO_POLICY = "NO_POLICY";

  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
  private static final Log log = Log.of(PolicyChain.class);

  private final PolicyEntry[] entries;
  private final int builtIns;
  private final Duration timeout;
  private final PolicyWatchdog watchdog;
  private volatile Joined joined = new Joined(new String[0], "");

  /** Makes a chain with the {@link #DEFAULT_TIMEOUT}. */
  public PolicyChain(List<Policy> builtIn, List<Policy> host, TimeSource time) {
    this(builtIn, host, DEFAULT_TIMEOUT, time);
  }

  /**
   * Makes a chain. Names are read now, versions at every evaluation.
   *
   * @param builtIn the library's policies, asked first
   * @param host the host's policies
   * @param timeout how long one evaluation may take, up to a day
   */
  public PolicyChain(List<Policy> builtIn, List<Policy> host, Duration timeout, TimeSource time) {
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new BadInputException(
          "policy timeout",
          timeout.toString(),
          "a positive duration of at most a day",
          "Policies are asked before every action: give them about a second");
    }
    this.builtIns = builtIn.size();
    this.entries = new PolicyEntry[builtIns + host.size()];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = new PolicyEntry(i < builtIns ? builtIn.get(i) : host.get(i - builtIns));
    }
    this.timeout = timeout;
    this.watchdog = new PolicyWatchdog(timeout, time);
  }

  /** Asks the policies. Blocks no longer than the timeout, unless one ignores interruption. */
  public Ruling evaluate(Action action) {
    var evaluation = new Evaluation(requireNonNull(action, "action"));
    if (entries.length == 0) {
      return new Ruling.Denied(
          "policy-chain@1", NO_POLICY, "no policy is loaded; add one, or nothing is allowed");
    }
    Ruling.@Nullable Denied denied = evaluation.ask(0, builtIns, null);
    if (denied == null && builtIns < entries.length) {
      denied = askHost(evaluation);
    }
    return denied == null ? evaluation.ruling() : denied;
  }

  private Ruling.@Nullable Denied askHost(Evaluation evaluation) {
    PolicyWatchdog.Watch watch = watchdog.enter();
    try {
      return evaluation.ask(builtIns, entries.length, watch);
    } finally {
      watchdog.leave(watch);
    }
  }

  /** How many evaluations are inside the host's policies. */
  int inFlight() {
    return watchdog.watched();
  }

  private String join(String[] ids) {
    Joined last = joined;
    if (!Arrays.equals(last.ids, ids)) {
      last = new Joined(ids, String.join(",", ids));
      joined = last;
    }
    return last.text;
  }

  /** The last list of policies put into words; it changes only when rules are reloaded. */
  private static final class Joined {
    final String[] ids;
    final String text;

    Joined(String[] ids, String text) {
      this.ids = ids;
      this.text = text;
    }
  }

  /** One action on its way through the chain; confined to its thread. */
  private final class Evaluation {
    private final String[] ids = new String[entries.length];
    private Action action;
    private Verdict.@Nullable RequireApproval approval;
    private String asker = "";

    Evaluation(Action action) {
      this.action = action;
    }

    Ruling.@Nullable Denied ask(int from, int to, PolicyWatchdog.@Nullable Watch watch) {
      for (int i = from; i < to; i++) {
        PolicyEntry entry = entries[i];
        Ruling.Denied denied;
        try {
          ids[i] = entry.id();
          denied = apply(entry.check(action), ids[i]);
        } catch (VirtualMachineError e) {
          throw e;
        } catch (Throwable e) {
          denied = failed(entry, e, watch);
        }
        if (watch != null && watchdog.over(watch)) {
          return tooSlow(entry);
        }
        if (denied != null) {
          return denied;
        }
      }
      return null;
    }

    private Ruling.@Nullable Denied apply(@Nullable Verdict verdict, String id) {
      if (verdict instanceof Verdict.Allow) {
        return null;
      } else if (verdict instanceof Verdict.Deny deny) {
        return new Ruling.Denied(id, deny.rule(), deny.reason());
      } else if (verdict instanceof Verdict.RequireApproval ask) {
        if (approval == null) {
          approval = ask;
          asker = id;
        }
        return null;
      } else if (verdict instanceof Verdict.Rewrite rewrite) {
        action = action.withInput(rewrite.input());
        return null;
      } else if (verdict == null) {
        return new Ruling.Denied(
            id, NULL_VERDICT, "the policy returned null; return Verdict.allow() to allow");
      }
      throw new AssertionError(verdict);
    }

    /** Names the exception's class only: its message may hold the action's input. */
    private Ruling.Denied failed(
        PolicyEntry entry, Throwable e, PolicyWatchdog.@Nullable Watch watch) {
      if (e instanceof InterruptedException && (watch == null || !watchdog.over(watch))) {
        Thread.currentThread().interrupt();
      }
      String what = Thrown.where(e);
      log.warn("policy {} failed on {}, which is denied: {}", entry.lastId(), action.kind(), what);
      return new Ruling.Denied(
          entry.lastId(),
          POLICY_ERROR,
          "the policy threw " + what + "; a policy that fails denies");
    }

    private Ruling.Denied tooSlow(PolicyEntry entry) {
      log.warn(
          "policy {} was not done with {} within {}, which is denied",
          entry.lastId(),
          action.kind(),
          timeout);
      return new Ruling.Denied(
          entry.lastId(),
          POLICY_TIMEOUT,
          "no verdict within " + timeout + "; make the policy quick");
    }

    Ruling ruling() {
      String policies = join(ids);
      Verdict.RequireApproval ask = approval;
      return ask == null
          ? new Ruling.Allowed(action, policies)
          : new Ruling.ApprovalNeeded(action, asker, ask.question(), ask.within(), policies);
    }
  }
}
