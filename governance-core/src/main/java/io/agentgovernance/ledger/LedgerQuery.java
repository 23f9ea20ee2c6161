// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries to read: all that match every filter set, in order of their sequence, one page at a
 * time. Immutable.
 *
 * <pre>{@code
 * LedgerQuery query = LedgerQuery.builder().run(run).type(LedgerTypes.DENIED).build();
 * for (LedgerPage page = ledger.query(query); ; page = ledger.query(query.after(page.next().getAsLong()))) {
 *   page.entries().forEach(System.out::println);
 *   if (page.next().isEmpty()) break;
 * }
 * }</pre>
 *
 * @param tenant only this tenant, or null for all
 * @param run only this run, or null for all
 * @param agent only what this agent did, or null for all
 * @param type only this type, or null for all
 * @param from only what happened at this instant or later, or null
 * @param to only what happened before this instant, or null
 * @param afterSequence only sequences greater than this, from 0
 * @param limit entries in a page, 1 to {@value #MAX_LIMIT}
 */
public record LedgerQuery(
    @Nullable TenantId tenant,
    @Nullable RunId run,
    @Nullable AgentId agent,
    @Nullable String type,
    @Nullable Instant from,
    @Nullable Instant to,
    long afterSequence,
    int limit) {
  /** Entries in a page if nothing else is said. */
  public static final int DEFAULT_LIMIT = 200;

  /** The largest page. */
  public static final int MAX_LIMIT = 1000;

  /**
   * Checks the numbers and that the time span is not turned round.
   *
   * @throws BadInputException if they are not accepted
   */
  public LedgerQuery {
    if (afterSequence < 0) {
      throw new BadInputException(
          "afterSequence of a ledger query",
          String.valueOf(afterSequence),
          "0 or more",
          "Use 0 to start at the first entry");
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new BadInputException(
          "limit of a ledger query",
          String.valueOf(limit),
          "1 to " + MAX_LIMIT,
          "Read further pages with after(...)");
    }
    if (from != null && to != null && to.isBefore(from)) {
      throw new BadInputException(
          "time span of a ledger query",
          "from " + from + " to " + to,
          "an end that is not before the start",
          "Exchange the two");
    }
  }

  /** Returns the query for every entry, in pages of {@value #DEFAULT_LIMIT}. */
  public static LedgerQuery all() {
    return builder().build();
  }

  /** Returns a builder without filters. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a copy that starts after {@code sequence}. */
  public LedgerQuery after(long sequence) {
    return new LedgerQuery(tenant, run, agent, type, from, to, sequence, limit);
  }

  /** Returns whether {@code entry} passes every filter, {@code afterSequence} included. */
  public boolean matches(LedgerEntry entry) {
    return entry.sequence() > afterSequence
        && (tenant == null || tenant.equals(entry.tenant()))
        && (run == null || run.equals(entry.run()))
        && (agent == null || agent.equals(entry.agent()))
        && (type == null || type.equals(entry.type()))
        && (from == null || !entry.at().isBefore(from))
        && (to == null || entry.at().isBefore(to));
  }

  /** Builds a {@link LedgerQuery}. Not thread safe; reusable. */
  public static final class Builder {
    private @Nullable TenantId tenant;
    private @Nullable RunId run;
    private @Nullable AgentId agent;
    private @Nullable String type;
    private @Nullable Instant from;
    private @Nullable Instant to;
    private long afterSequence;
    private int limit = DEFAULT_LIMIT;

    private Builder() {}

    /** Keeps only entries of this tenant. If unset, all. */
    public Builder tenant(TenantId tenant) {
      this.tenant = requireNonNull(tenant, "tenant");
      return this;
    }

    /** Keeps only entries of this run. If unset, all. */
    public Builder run(RunId run) {
      this.run = requireNonNull(run, "run");
      return this;
    }

    /** Keeps only what this agent did. If unset, all. */
    public Builder agent(AgentId agent) {
      this.agent = requireNonNull(agent, "agent");
      return this;
    }

    /** Keeps only entries of this type. If unset, all. */
    public Builder type(String type) {
      this.type = requireNonNull(type, "type");
      return this;
    }

    /** Keeps only what happened at this instant or later. If unset, all. */
    public Builder from(Instant from) {
      this.from = requireNonNull(from, "from");
      return this;
    }

    /** Keeps only what happened before this instant. If unset, all. */
    public Builder to(Instant to) {
      this.to = requireNonNull(to, "to");
      return this;
    }

    /** Starts after this sequence. If unset, 0: at the first entry. */
    public Builder afterSequence(long afterSequence) {
      this.afterSequence = afterSequence;
      return this;
    }

    /**
     * Sets the entries in a page, 1 to {@value LedgerQuery#MAX_LIMIT}. If unset, {@value
     * LedgerQuery#DEFAULT_LIMIT}.
     */
    public Builder limit(int limit) {
      this.limit = limit;
      return this;
    }

    /**
     * Returns the query.
     *
     * @throws BadInputException if a number or the time span is not accepted
     */
    public LedgerQuery build() {
      return new LedgerQuery(tenant, run, agent, type, from, to, afterSequence, limit);
    }
  }
}
