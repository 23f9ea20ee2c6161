// SPDX-License-Identifier: Apache-2.0

/**
 * Runs teams of LLM agents toward an objective under enforced rules.
 *
 * <p>Start with {@link io.agentgovernance.Orchestrator}. Plugin authors find what they implement in
 * {@link io.agentgovernance.spi}. Everything in {@code io.agentgovernance.internal} is not
 * exported.
 *
 * <p>Records that are read from or written to a {@link io.agentgovernance.payload.Payload} must be
 * accessible to this module: a host that is a module itself opens their package to it.
 *
 * @uses io.agentgovernance.spi.AuditLedgerProvider
 * @uses io.agentgovernance.spi.ChatModelProvider
 * @uses io.agentgovernance.spi.CheckpointStoreProvider
 * @uses io.agentgovernance.spi.CoordinationProvider
 * @uses io.agentgovernance.spi.SecretSourceProvider
 */
module io.agentgovernance.core {
  // At run time too: @Nullable says which components of a record may be absent.
  requires transitive org.jspecify;
  requires com.fasterxml.jackson.core;
  requires io.github.resilience4j.circuitbreaker;
  requires io.github.resilience4j.core;
  requires org.slf4j;

  exports io.agentgovernance;
  exports io.agentgovernance.agent;
  exports io.agentgovernance.approval;
  exports io.agentgovernance.budget;
  exports io.agentgovernance.checkpoint;
  exports io.agentgovernance.coordination;
  exports io.agentgovernance.core;
  exports io.agentgovernance.event;
  exports io.agentgovernance.health;
  exports io.agentgovernance.ledger;
  exports io.agentgovernance.model;
  exports io.agentgovernance.payload;
  exports io.agentgovernance.policy;
  exports io.agentgovernance.secret;
  exports io.agentgovernance.spi;
  exports io.agentgovernance.time;
  exports io.agentgovernance.tool;

  uses io.agentgovernance.spi.AuditLedgerProvider;
  uses io.agentgovernance.spi.ChatModelProvider;
  uses io.agentgovernance.spi.CheckpointStoreProvider;
  uses io.agentgovernance.spi.CoordinationProvider;
  uses io.agentgovernance.spi.SecretSourceProvider;

  provides io.agentgovernance.spi.AuditLedgerProvider with
      io.agentgovernance.internal.memory.MemoryLedgerProvider;
  provides io.agentgovernance.spi.ChatModelProvider with
      io.agentgovernance.internal.local.LocalChatModelProvider;
  provides io.agentgovernance.spi.CheckpointStoreProvider with
      io.agentgovernance.internal.memory.MemoryCheckpointStoreProvider;
  provides io.agentgovernance.spi.CoordinationProvider with
      io.agentgovernance.internal.memory.MemoryCoordinationProvider;
  provides io.agentgovernance.spi.SecretSourceProvider with
      io.agentgovernance.internal.secrets.EnvironmentSecretProvider,
      io.agentgovernance.internal.secrets.FileSecretProvider;
}
