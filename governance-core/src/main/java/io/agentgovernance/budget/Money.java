// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.budget;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.math.BigDecimal;

/**
 * An amount of money, not negative. Prices of model vendors are in US dollars, so that is the only
 * currency today.
 *
 * @param amount the amount
 * @param currency the ISO 4217 code, {@code USD}
 */
public record Money(BigDecimal amount, String currency) implements Comparable<Money> {

  /** No money. */
  public static final Money ZERO = new Money(BigDecimal.ZERO, "USD");

  public Money {
    requireNonNull(amount, "amount");
    requireNonNull(currency, "currency");
    if (amount.signum() < 0) {
      throw new BadInputException(
          "money", amount.toPlainString(), "an amount of 0 or more", "Give a positive amount.");
    }
    if (!currency.equals("USD")) {
      throw new BadInputException(
          "money", "currency " + currency, "USD", "Convert the amount to US dollars.");
    }
  }

  /** US dollars from decimal text such as {@code "2.50"}. */
  public static Money usd(String amount) {
    requireNonNull(amount, "amount");
    try {
      return new Money(new BigDecimal(amount.strip()), "USD");
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "money",
          "'" + amount + "'",
          "a decimal number such as 2.50",
          "Write the amount without currency signs.");
    }
  }

  /** US dollars. */
  public static Money usd(BigDecimal amount) {
    return new Money(amount, "USD");
  }

  @Override
  public int compareTo(Money other) {
    return amount.compareTo(other.amount);
  }

  @Override
  public String toString() {
    return amount.toPlainString() + " " + currency;
  }
}
