// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import io.agentgovernance.internal.roles.Citation;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sentence of a source.
 *
 * @param quote the sentence or a part of it, short and verbatim
 * @param index its place among the sentences of its source
 * @param ordinal its place among all sentences
 */
record Passage(Source source, String sentence, String quote, int index, int ordinal) {
  private static final Pattern DEMAND =
      Pattern.compile(
          "\\b(must not|must|shall|should|never|may not|cannot|can't|required|requires|mandatory"
              + "|forbidden|at most|at least|no more than|not exceed|only)\\b",
          Pattern.CASE_INSENSITIVE);

  /** A unit is a sign, letters that touch the number, or one of these words. */
  private static final String UNITS =
      "[µmn]?s|secs?|seconds?|mins?|minutes?|h|hours?|days?|weeks?|months?|years?|k|thousand"
          + "|million|billion|percent|[KMGT]i?B|bytes?|tokens?|requests?|reads?|writes?|calls?"
          + "|users?|people|customers?|rows?|items?|nodes?|EUR|USD|NOK|GBP|euros?|dollars?"
          + "|kg|g|km|m|cm|mm|kWh?|times";

  private static final Pattern QUANTITY =
      Pattern.compile(
          "[<>≤≥~±$€£]?\\s?(?<![\\p{L}\\p{N}.])\\d[\\d.,]*+"
              + "(?:\\s?%|/\\p{L}{1,12}|\\p{L}{1,12}|\\s(?:"
              + UNITS
              + ")(?![\\p{L}\\p{N}]))?(?:\\s\\p{L}{1,20}/\\p{L}{1,20})?");

  private static final Pattern UNIT = Pattern.compile("[^\\d.,\\s]");

  boolean isConstraint() {
    return demand().isPresent() || quantity().isPresent();
  }

  /** The word that makes it a rule. */
  Optional<String> demand() {
    return first(DEMAND);
  }

  /** The first number together with its unit or sign; a bare number limits nothing. */
  Optional<String> quantity() {
    return QUANTITY
        .matcher(quote)
        .results()
        .map(MatchResult::group)
        .map(found -> found.strip().replaceAll("[.,]+$", ""))
        .filter(found -> UNIT.matcher(found).find())
        .findFirst();
  }

  private Optional<String> first(Pattern pattern) {
    Matcher matcher = pattern.matcher(quote);
    return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
  }

  Citation citation() {
    return new Citation(source.name(), quote);
  }
}
