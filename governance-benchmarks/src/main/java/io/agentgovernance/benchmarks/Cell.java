// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of one library in one scenario. The record's components are the figures, {@link
 * #text()} the words.
 */
public sealed interface Cell {

  /** The cell of the table. */
  @JsonProperty
  String text();

  /** Where the caller finds what an agent produced, when the run as a whole has failed. */
  enum Kept {
    /** The call returned it. */
    RETURNED("returned"),
    /** The call did not return it, but the state that the library stored has it. */
    STORED("not returned, but in the stored state"),
    /** Nowhere. */
    LOST("lost");

    private final String words;

    Kept(String words) {
      this.words = words;
    }
  }

  /**
   * Seen in {@link Behaviour#oneAgentFails()}.
   *
   * @param returnedMillis from the start of the run to the caller having its answer
   * @param error the class of the exception the caller got, or null for a returned result
   * @param beta what became of BETA's result
   * @param draft what became of ALPHA's draft
   * @param finishedAfterReturn model calls that finished after the caller had its answer
   */
  record OneAgentFails(
      long returnedMillis, @Nullable String error, Kept beta, Kept draft, int finishedAfterReturn)
      implements Cell {
    @Override
    public String text() {
      return String.format(
          Locale.ROOT,
          "%s after %d ms; BETA's result: %s; ALPHA's draft: %s; model calls that ran on: %d",
          error == null ? "returns" : "throws",
          returnedMillis,
          beta.words,
          draft.words,
          finishedAfterReturn);
    }
  }

  /**
   * Seen in {@link Behaviour#callerGivesUp()}.
   *
   * @param means how the caller gave up
   * @param returnedAfterMillis from giving up to the caller having its thread back
   * @param interrupted how many of the two agents were interrupted
   * @param finishedLate model calls that finished after the caller gave up
   */
  record CallerGivesUp(String means, long returnedAfterMillis, int interrupted, int finishedLate)
      implements Cell {
    @Override
    public String text() {
      return String.format(
          Locale.ROOT,
          "caller free %d ms after it gave up (%s); agents interrupted: %d of 2; model calls finished afterwards: %d",
          returnedAfterMillis,
          means,
          interrupted,
          finishedLate);
    }
  }

  /** Seen in {@link Behaviour#resultsKept()}: what became of BETA's finished result. */
  record ResultsKept(Kept beta) implements Cell {
    @Override
    public String text() {
      return beta.words;
    }
  }

  /**
   * Seen in {@link Behaviour#resume()}.
   *
   * @param calls model calls in both runs
   * @param repeated calls of the second run whose agent had finished in the first
   * @param outcome how the second run ended for the caller
   */
  record Resumed(int calls, int repeated, String outcome) implements Cell {
    @Override
    public String text() {
      return String.format(
          Locale.ROOT,
          "finished calls made again: %d; calls in all: %d; the second run %s",
          repeated,
          calls,
          outcome);
    }
  }

  /**
   * Seen in {@link Behaviour#resume()} of a library for which a run with a failed agent has ended.
   *
   * @param ended what running again did after that
   * @param left what it did after the process had ended while ALPHA was in its call
   */
  record EndedOrLeft(Resumed ended, Resumed left) implements Cell {
    @Override
    public String text() {
      return "the run has ended with ALPHA's failure: "
          + ended.text()
          + "; left while ALPHA is in its call instead: "
          + left.text();
    }
  }

  /**
   * Seen in {@link Behaviour#tokenSum()}.
   *
   * @param expected the tokens that the model reported
   * @param counted the tokens that the library counted
   */
  record TokenSum(long expected, long counted) implements Cell {
    @Override
    public String text() {
      return expected == counted
          ? String.format(Locale.ROOT, "exact (%,d)", counted)
          : String.format(Locale.ROOT, "%,d counted of %,d", counted, expected);
    }
  }

  /**
   * Seen in {@link Behaviour#retryForEver()}.
   *
   * @param calls model calls of the failing agent
   * @param outcome how it ended for the caller, for instance "throws" and the class of the root
   *     cause
   */
  record RetryForEver(int calls, String outcome) implements Cell {
    @Override
    public String text() {
      return calls > Behaviour.RETRY_BOUND
          ? String.format(Locale.ROOT, "unbounded: the probe stopped it after %,d calls", calls - 1)
          : String.format(Locale.ROOT, "%s after %,d calls", outcome, calls);
    }
  }

  /**
   * The library has no such thing, or none this program knows.
   *
   * @param searched the words looked for in the names of the library's types
   * @param found the types that have one of them; if there are any, look at them and measure
   */
  record NotOffered(List<String> searched, List<String> found) implements Cell {
    @Override
    public String text() {
      return found.isEmpty()
          ? "not offered (no type named *" + String.join("*, *", searched) + "*)"
          : "not measured; the library has " + String.join(", ", found);
    }
  }
}
