// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.agent.Document;
import io.agentgovernance.spi.ComplexityEstimator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Estimates complexity from what can be counted: words of the objective, its clauses and
 * constraints, and the amount of material. Stateless.
 *
 * <p>The score is 1 − 1/(1 + x): 0 for nothing, 0.5 where x is 1, above 0.8 where x exceeds 4.
 */
public final class ComplexityScore implements ComplexityEstimator {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
  private static final Pattern CLAUSE =
      Pattern.compile(
          "[;:,]|\\b(and|or|but|while|unless|except|without|und|oder|aber)\\b",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CONSTRAINT =
      Pattern.compile(
          "\\b(must|should|never|only|at least|at most|within|per|muss|nie)\\b|\\d",
          Pattern.CASE_INSENSITIVE);

  private static final double WORDS = 120;
  private static final double CLAUSES = 20;
  private static final double CONSTRAINTS = 25;
  private static final double CHARACTERS = 100_000;

  @Override
  public double estimate(String objective, List<Document> documents) {
    long characters = 0;
    for (Document document : documents) {
      characters += document.text().length();
    }
    double x =
        count(WORD, objective) / WORDS
            + count(CLAUSE, objective) / CLAUSES
            + count(CONSTRAINT, objective) / CONSTRAINTS
            + characters / CHARACTERS
            + documents.size() / CLAUSES;
    return 1 - 1 / (1 + x);
  }

  private static double count(Pattern pattern, String text) {
    return pattern.matcher(text).results().count();
  }
}
