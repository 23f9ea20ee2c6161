// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.secret.Redactor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What foreign code said, as it may be logged: without secrets, and on one line. Thread safe.
 *
 * <p>Logs belong to the process, so that the secrets of all open orchestrators are taken out of
 * them. A message that is put together here and holds nothing foreign needs none of this.
 */
public final class LogText {
  private static final int MAX_CAUSES = 32;
  private static final Redactor SHAPES = Redactor.standard();
  private static final List<Redactor> OPEN = new CopyOnWriteArrayList<>();

  private LogText() {}

  /** Has the secrets of an orchestrator taken out of logs. */
  public static void open(Redactor redactor) {
    OPEN.add(redactor);
  }

  /** The orchestrator is closed. */
  public static void close(Redactor redactor) {
    OPEN.remove(redactor);
  }

  /** Returns the text as it may be logged. */
  public static String of(@Nullable String text) {
    String clean = String.valueOf(text);
    for (Redactor redactor : OPEN) {
      clean = redactor.redact(clean);
    }
    return SHAPES.redactLine(clean);
  }

  /** Returns the exception as it may be logged: itself, if there is nothing to take out of it. */
  public static Throwable of(Throwable thrown) {
    return clean(thrown, LogText::of);
  }

  /** Returns the exception without what {@code cleaner} takes out of messages. */
  static Throwable clean(Throwable thrown, UnaryOperator<String> cleaner) {
    if (isClean(thrown, cleaner, seen(), 0)) {
      return thrown;
    }
    return requireNonNull(copy(thrown, cleaner, seen(), 0), "copy");
  }

  private static Set<Throwable> seen() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static boolean isClean(
      @Nullable Throwable thrown, UnaryOperator<String> cleaner, Set<Throwable> seen, int depth) {
    if (thrown == null || !seen.add(thrown)) {
      return true;
    }
    if (depth > MAX_CAUSES) {
      return false;
    }
    // What is printed may be more than the message.
    String printed = thrown.toString();
    if (!cleaner.apply(printed).equals(printed)) {
      return false;
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      if (!isClean(suppressed, cleaner, seen, depth + 1)) {
        return false;
      }
    }
    return isClean(thrown.getCause(), cleaner, seen, depth + 1);
  }

  private static @Nullable Throwable copy(
      @Nullable Throwable thrown, UnaryOperator<String> cleaner, Set<Throwable> seen, int depth) {
    if (thrown == null || depth > MAX_CAUSES || !seen.add(thrown)) {
      return null;
    }
    String message = thrown.getMessage();
    CleanThrowable clean =
        new CleanThrowable(
            thrown,
            message == null ? null : cleaner.apply(message),
            copy(thrown.getCause(), cleaner, seen, depth + 1));
    for (Throwable suppressed : thrown.getSuppressed()) {
      Throwable copied = copy(suppressed, cleaner, seen, depth + 1);
      if (copied != null) {
        clean.addSuppressed(copied);
      }
    }
    return clean;
  }
}
