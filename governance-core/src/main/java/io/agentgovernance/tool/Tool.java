// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.tool;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.model.ToolSpec;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.time.Duration;
import java.util.List;

/**
 * A typed function of the host that agents may call. Immutable, and thread safe if its body is:
 * each method returns a changed copy. Unless said otherwise a tool is {@link Effect#ONCE}, requires
 * {@link TrustTier#T3} and has {@link #DEFAULT_TIMEOUT}.
 *
 * <pre>{@code
 * Tool exposure =
 *     Tool.of("exposure", CustomerId.class, Exposure.class, (in, call) -> core.exposure(in.id()))
 *         .describe("Total exposure of one customer")
 *         .effect(Effect.READ)
 *         .requires(TrustTier.T1);
 * }</pre>
 */
public final class Tool {
  /** How long a call may take if nothing is said: 30 seconds. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  /**
   * What a tool does.
   *
   * @param <I> its input
   * @param <O> its output
   */
  @FunctionalInterface
  public interface Body<I, O> {
    /**
     * Does the work; may block, and ends within {@link ToolCall#remaining()} or when aborted or
     * interrupted.
     *
     * @throws Exception if the call failed; its message goes to the agent
     */
    O run(I input, ToolCall call) throws Exception;
  }

  private final ToolSpec spec;
  private final Body<Payload, Payload> body;
  private final Effect effect;
  private final TrustTier tier;
  private final Duration timeout;

  private Tool(
      ToolSpec spec, Body<Payload, Payload> body, Effect effect, TrustTier tier, Duration timeout) {
    this.spec = spec;
    this.body = body;
    this.effect = effect;
    this.tier = tier;
    this.timeout = timeout;
  }

  /**
   * Returns a tool that takes and gives records.
   *
   * @param name 1 to 64 of {@code A-Z a-z 0-9 _ -}
   * @param input the type whose {@link Schema#of schema} the arguments must meet
   * @param output the type of the result
   */
  public static <I, O> Tool of(
      String name, Class<I> input, Class<O> output, Body<? super I, ? extends O> body) {
    requireNonNull(output, "output");
    requireNonNull(body, "body");
    return of(
        new ToolSpec(name, "", Schema.of(input)),
        (payload, call) -> Payload.of(body.run(payload.read(input), call)));
  }

  /** Returns a tool whose shape is only known at run time, such as one from another server. */
  public static Tool of(ToolSpec spec, Body<Payload, Payload> body) {
    return new Tool(
        requireNonNull(spec, "spec"),
        requireNonNull(body, "body"),
        Effect.ONCE,
        TrustTier.T3,
        DEFAULT_TIMEOUT);
  }

  /** Returns a copy with this description for the model. */
  public Tool describe(String description) {
    return new Tool(
        new ToolSpec(spec.name(), description, spec.input()), body, effect, tier, timeout);
  }

  /** Returns a copy that does this to the world. */
  public Tool effect(Effect effect) {
    return new Tool(spec, body, requireNonNull(effect, "effect"), tier, timeout);
  }

  /** Returns a copy for agents of at least this tier. */
  public Tool requires(TrustTier tier) {
    return new Tool(spec, body, effect, requireNonNull(tier, "tier"), timeout);
  }

  /**
   * Returns a copy whose calls may take this long.
   *
   * @throws IllegalArgumentException if the timeout is not positive
   */
  public Tool timeout(Duration timeout) {
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException(
          "tool '" + name() + "': timeout must be positive but was " + timeout);
    }
    return new Tool(spec, body, effect, tier, timeout);
  }

  /** Returns the tool's name. */
  public String name() {
    return spec.name();
  }

  /** Returns the tool as a model sees it. */
  public ToolSpec spec() {
    return spec;
  }

  /** Returns what calling it does to the world. */
  public Effect effect() {
    return effect;
  }

  /** Returns the least tier an agent needs. */
  public TrustTier tier() {
    return tier;
  }

  /** Returns how long a call may take. */
  public Duration timeout() {
    return timeout;
  }

  /**
   * Calls the tool; blocks as its body does. For the runtime and for tests: agents go through their
   * context, which checks and records the call.
   *
   * @throws BadInputException if the input does not meet the schema; the body is not called
   * @throws Exception what the body throws
   */
  public Payload call(Payload input, ToolCall call) throws Exception {
    List<String> problems = spec.input().problems(input);
    if (!problems.isEmpty()) {
      throw new BadInputException(
          "tool '" + name() + "'",
          "input with problems: " + String.join("; ", problems),
          "input that meets the tool's schema",
          "Correct the input and call again");
    }
    return body.run(input, call);
  }

  @Override
  public String toString() {
    return "Tool[" + name() + ", " + effect + ", " + tier + ", " + timeout + "]";
  }
}
