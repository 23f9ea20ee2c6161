// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.AuditLedgerProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.time.TimeSource;
import java.util.ServiceLoader;

/** Opens the ledger in memory as an orchestrator would: by its scheme. */
public final class Ledgers {
  private Ledgers() {}

  /** Returns an empty ledger. */
  public static AuditLedger memory() {
    return ServiceLoader.load(AuditLedgerProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.scheme().equals("memory"))
        .findFirst()
        .orElseThrow()
        .open("", new Context());
  }

  private static final class Context implements ProviderContext {
    @Override
    public TimeSource time() {
      return TimeSource.system();
    }

    @Override
    public ClassLoader classLoader() {
      return Ledgers.class.getClassLoader();
    }
  }
}
