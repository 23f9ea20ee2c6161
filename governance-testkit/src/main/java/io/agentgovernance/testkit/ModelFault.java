// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.model.ModelException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with a call of a {@link ScriptedModel}. All cases are immutable and thread safe.
 *
 * <p>Some hold the call up and let it go on to what is scripted after them: {@link Delay}, {@link
 * Hang}, {@link IgnoreInterrupts} and {@link Spin}. The others are how it ends.
 */
public sealed interface ModelFault {

  /**
   * Takes this much longer, by the time source of the exchange. Ends early when aborted,
   * interrupted or released.
   */
  record Delay(Duration by) implements ModelFault {
    public Delay {
      requireNonNull(by, "by");
    }
  }

  /** Waits until released. Ends early when aborted or interrupted, as a good model does. */
  record Hang() implements ModelFault {}

  /** Waits until released; an abort does nothing to it and it swallows every interrupt. */
  record IgnoreInterrupts() implements ModelFault {}

  /**
   * Computes until released, deaf to abort and interrupt; gives up after a minute of real time. It
   * is never idle, so a {@link ManualTime} can only be moved by {@link ManualTime#advance}.
   */
  record Spin() implements ModelFault {}

  /**
   * Fails.
   *
   * @param kind why
   * @param retryAfter how long the provider asks to wait, or null if it does not
   */
  record Fail(ModelException.Kind kind, @Nullable Duration retryAfter) implements ModelFault {
    public Fail {
      requireNonNull(kind, "kind");
    }
  }

  /** Replies with this, which is not what was asked for. */
  record Malformed(String text) implements ModelFault {
    public Malformed {
      requireNonNull(text, "text");
    }
  }

  /** Replies with nothing, because a filter withheld it. */
  record Refuse() implements ModelFault {}

  /** Replies with this, cut at the token limit. */
  record Truncate(String text) implements ModelFault {
    public Truncate {
      requireNonNull(text, "text");
    }
  }

  /**
   * Replies piece by piece.
   *
   * @param chunks the pieces; together they are the reply
   * @param between how long it waits before each of them
   */
  record Stream(List<String> chunks, Duration between) implements ModelFault {
    public Stream {
      chunks = List.copyOf(chunks);
      requireNonNull(between, "between");
    }
  }

  /** Calls the function of this fault's case; exhaustive, also on Java 17. */
  default <R> R match(
      Function<Delay, R> delay,
      Function<Hang, R> hang,
      Function<IgnoreInterrupts, R> ignoreInterrupts,
      Function<Spin, R> spin,
      Function<Fail, R> fail,
      Function<Malformed, R> malformed,
      Function<Refuse, R> refuse,
      Function<Truncate, R> truncate,
      Function<Stream, R> stream) {
    if (this instanceof Delay f) {
      return delay.apply(f);
    } else if (this instanceof Hang f) {
      return hang.apply(f);
    } else if (this instanceof IgnoreInterrupts f) {
      return ignoreInterrupts.apply(f);
    } else if (this instanceof Spin f) {
      return spin.apply(f);
    } else if (this instanceof Fail f) {
      return fail.apply(f);
    } else if (this instanceof Malformed f) {
      return malformed.apply(f);
    } else if (this instanceof Refuse f) {
      return refuse.apply(f);
    } else if (this instanceof Truncate f) {
      return truncate.apply(f);
    } else if (this instanceof Stream f) {
      return stream.apply(f);
    }
    throw new AssertionError(this);
  }

  /** Says whether the call goes on after this. */
  default boolean holds() {
    return match(
        delay -> true,
        hang -> true,
        ignore -> true,
        spin -> true,
        fail -> false,
        malformed -> false,
        refuse -> false,
        truncate -> false,
        stream -> false);
  }
}
