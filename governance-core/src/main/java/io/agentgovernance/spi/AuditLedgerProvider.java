// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

/**
 * Opens audit ledgers of one URI scheme. Found with {@link java.util.ServiceLoader}; on the class
 * path means available, named in a URI means active. Implementations have a public constructor
 * without parameters and are thread safe.
 */
public interface AuditLedgerProvider {
  /**
   * Returns the scheme it answers to, in lower case and without the colon, such as {@code sqlite}.
   */
  String scheme();

  /**
   * Opens a ledger. May block for files and locks. Whoever opens it closes it.
   *
   * @param rest everything after the first colon of the URI, opaque to everybody else
   * @param context what the host supplies
   * @throws io.agentgovernance.BadInputException if {@code rest} makes no sense
   * @throws io.agentgovernance.ledger.LedgerUnavailableException if the ledger cannot be opened
   */
  AuditLedger open(String rest, ProviderContext context);
}
