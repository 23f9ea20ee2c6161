// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.ModelException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a {@link ScriptedModel} does for one role. What is written applies at once, also to a
 * run under way. Not thread safe; several may write to one model.
 *
 * <p>It begins at turn 1. A reply ends its turn, so the next one is of the next turn. A failure
 * does not: what follows it is of the retry, which has the same turn, and the last thing scripted
 * for a turn is what every further retry gets. What holds a call up goes before its reply.
 *
 * <pre>{@code
 * model.on("ALPHA")
 *     .reply("of turn 1")
 *     .fail(Kind.RATE_LIMITED).reply("of turn 2, when tried again")
 *     .delay(Duration.ofSeconds(5)).reply("of turn 3, after five seconds")
 *     .hang().thenOnRetry().reply("of turn 4, when tried again");
 * model.on("BETA", AgentPhase.VERIFY).turn(2).fail(Kind.TIMEOUT);   // however often it is tried
 * model.on("BETA").always().reply((request, exchange) -> "of turn " + exchange.turn());
 * }</pre>
 *
 * <p>Scripting a turn again, from a new {@link #on}, {@link #turn} or {@link #always}, replaces it.
 */
public final class Script {
  private final ScriptedModel model;
  private final ScriptBook book;
  private final ScriptBook.Part part;
  private int number = 1;
  private @Nullable Turn turn;
  private boolean over;

  Script(ScriptedModel model, ScriptBook book, ScriptBook.Part part) {
    this.model = model;
    this.book = book;
    this.part = part;
  }

  /**
   * Goes to a turn: the model call of this number of an agent in one phase.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public Script turn(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("turn must be >= 1 but was " + number);
    }
    return goTo(number);
  }

  /** Goes to all turns that have no script of their own. */
  public Script always() {
    return goTo(ScriptBook.ALWAYS);
  }

  private Script goTo(int number) {
    this.number = number;
    this.turn = null;
    this.over = false;
    return this;
  }

  /**
   * Replies.
   *
   * @param content text as a string, a {@link ScriptedReply}, or what becomes JSON, such as a
   *     record
   */
  public Script reply(Object content) {
    ScriptedReply reply = ScriptedReply.of(content);
    return end((request, exchange) -> reply);
  }

  /** Replies with what a function makes of the request. */
  public Script reply(ReplyScript reply) {
    return end(requireNonNull(reply, "reply"));
  }

  /** Asks for a tool; its result arrives with the next turn. */
  public Script useTool(String tool, Object input) {
    return reply(ScriptedReply.tool(tool, input));
  }

  /** Fails, in this attempt. */
  public Script fail(ModelException.Kind kind) {
    return fault(new ModelFault.Fail(kind, null));
  }

  /** Takes this much longer, by the exchange's time source. */
  public Script delay(Duration by) {
    return fault(new ModelFault.Delay(by));
  }

  /** Hangs until released, aborted or interrupted. */
  public Script hang() {
    return fault(new ModelFault.Hang());
  }

  /** Hangs until released, whatever else happens. */
  public Script ignoreInterrupts() {
    return fault(new ModelFault.IgnoreInterrupts());
  }

  /** Computes until released, whatever else happens. */
  public Script spin() {
    return fault(new ModelFault.Spin());
  }

  /** Replies with text that is not what was asked for. */
  public Script malformed(String text) {
    return fault(new ModelFault.Malformed(text));
  }

  /** Replies with nothing, because of a filter. */
  public Script refuse() {
    return fault(new ModelFault.Refuse());
  }

  /** Replies with text that is cut at the token limit. */
  public Script truncate(String text) {
    return fault(new ModelFault.Truncate(text));
  }

  /** Replies piece by piece. */
  public Script stream(String... chunks) {
    return fault(new ModelFault.Stream(List.of(chunks), Duration.ZERO));
  }

  /** Does what the fault says. */
  public Script fault(ModelFault fault) {
    requireNonNull(fault, "fault");
    return fault.match(
        this::hold,
        this::hold,
        this::hold,
        this::hold,
        this::failure,
        malformed -> reply(malformed.text()),
        refuse -> reply(ScriptedReply.of("").withFinish(FinishReason.CONTENT_FILTER)),
        truncate -> reply(ScriptedReply.of(truncate.text()).withFinish(FinishReason.LENGTH)),
        stream ->
            reply(
                ScriptedReply.of(String.join("", stream.chunks()))
                    .withChunks(stream.chunks(), stream.between())));
  }

  /**
   * Goes on with the next attempt of the turn scripted last. Needed after what is not a failure by
   * itself, such as {@link #hang}.
   *
   * @throws IllegalStateException if nothing is scripted yet for the turn
   */
  public Script thenOnRetry() {
    Turn last = turn;
    if (last == null) {
      throw new IllegalStateException(
          "script of " + part + ": thenOnRetry() has nothing before it; say what happens first");
    }
    book.write(last::nextAttempt);
    over = false;
    return this;
  }

  /** Begins the script of another role, in every phase. */
  public Script on(String role) {
    return model.on(role);
  }

  /** Begins the script of another role, in one phase. */
  public Script on(String role, AgentPhase phase) {
    return model.on(role, phase);
  }

  /** Begins the script of whatever has none. */
  public Script otherwise() {
    return model.otherwise();
  }

  /** Returns the model this is the script of. */
  public ScriptedModel model() {
    return model;
  }

  private Script hold(ModelFault fault) {
    book.write(() -> current().hold(fault));
    return this;
  }

  private Script failure(ModelFault.Fail fail) {
    var text = "scripted: fails with " + fail.kind();
    book.write(
        () ->
            current()
                .end(
                    (request, exchange) -> {
                      var error = ModelException.of(fail.kind(), text);
                      Duration wait = fail.retryAfter();
                      throw (wait == null ? error : error.retryAfter(wait)).build();
                    }));
    return this;
  }

  private Script end(ReplyScript reply) {
    book.write(() -> current().end(reply));
    over = true;
    return this;
  }

  /** The turn to write to: the next one if that of the last reply is over. */
  private Turn current() {
    if (over && number == ScriptBook.ALWAYS) {
      throw new IllegalStateException(
          "script of "
              + part
              + ": always() takes one reply; use thenOnRetry() or turn(n) for more");
    }
    if (over) {
      number++;
      turn = null;
      over = false;
    }
    Turn open = turn;
    if (open == null) {
      open = book.begin(part, number);
      turn = open;
    }
    return open;
  }

  static Script of(ScriptedModel model, ScriptBook book, String role, @Nullable AgentPhase phase) {
    return new Script(model, book, new ScriptBook.Part(AgentRole.of(role), phase));
  }
}
