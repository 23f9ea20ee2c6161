// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import io.agentgovernance.BadInputException;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.AuditLedgerProvider;
import io.agentgovernance.spi.ProviderContext;
import java.util.regex.Pattern;

/**
 * Opens {@code memory:} and {@code memory:?maxEntriesPerRun=<n>}. Each opening makes a ledger of
 * its own.
 */
public final class MemoryLedgerProvider implements AuditLedgerProvider {
  private static final Pattern LIMIT = Pattern.compile("\\?maxEntriesPerRun=([1-9][0-9]{0,8})");

  /** Made by {@link java.util.ServiceLoader}. */
  public MemoryLedgerProvider() {}

  @Override
  public String scheme() {
    return "memory";
  }

  @Override
  public AuditLedger open(String rest, ProviderContext context) {
    if (rest.isEmpty()) {
      return new MemoryLedger();
    }
    var limit = LIMIT.matcher(rest);
    if (!limit.matches()) {
      throw new BadInputException(
          "ledger URI",
          "'memory:" + rest + "'",
          "'memory:' or 'memory:?maxEntriesPerRun=<n>' with n from 1 to 999999999",
          "Remove what follows the colon");
    }
    return new MemoryLedger(Integer.parseInt(limit.group(1)));
  }
}
