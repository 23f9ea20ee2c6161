// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.secret;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.internal.secrets.LogText;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LocationAwareLogger;

/**
 * The log of this library and of its plugins: SLF4J, without secrets. Whatever is put into a line
 * goes through the redactors of all orchestrators that are open in the JVM: texts, numbers, and
 * exceptions with their causes; it also stays on that one line. The pattern is taken as it is, so
 * it has to be a constant.
 *
 * <p>Nothing else in this library uses SLF4J to log, and a test sees to that; plugins of others are
 * advised to do the same.
 *
 * <pre>{@code
 * private static final Log log = Log.of(HouseLedger.class);
 *
 * log.warn("ledger {}: cannot write", path, exception); // an exception comes last, as in SLF4J
 * }</pre>
 *
 * <p>Thread safe. A line whose level is off costs nothing but the look. Blocks as the host's log
 * does.
 */
public final class Log {
  private static final String SELF = Log.class.getName();

  private final Logger logger;

  private Log(Logger logger) {
    this.logger = logger;
  }

  /** Returns the log under the name of a class. */
  public static Log of(Class<?> where) {
    return new Log(LoggerFactory.getLogger(requireNonNull(where, "where")));
  }

  /** Logs what helps to find a mistake. */
  public void debug(String pattern, @Nullable Object... values) {
    if (logger.isDebugEnabled()) {
      write(LocationAwareLogger.DEBUG_INT, pattern, values);
    }
  }

  /** Logs what an operator may like to know. */
  public void info(String pattern, @Nullable Object... values) {
    if (logger.isInfoEnabled()) {
      write(LocationAwareLogger.INFO_INT, pattern, values);
    }
  }

  /** Logs what an operator should look at. */
  public void warn(String pattern, @Nullable Object... values) {
    if (logger.isWarnEnabled()) {
      write(LocationAwareLogger.WARN_INT, pattern, values);
    }
  }

  /** Logs what must not be. */
  public void error(String pattern, @Nullable Object... values) {
    if (logger.isErrorEnabled()) {
      write(LocationAwareLogger.ERROR_INT, pattern, values);
    }
  }

  private void write(int level, String pattern, @Nullable Object[] values) {
    @Nullable Object[] clean = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      clean[i] = clean(values[i]);
    }
    if (logger instanceof LocationAwareLogger aware) { // which then finds who called, not us
      int last = clean.length - 1;
      boolean thrown = last >= 0 && clean[last] instanceof Throwable;
      aware.log(
          null,
          SELF,
          level,
          pattern,
          thrown ? Arrays.copyOf(clean, last) : clean,
          thrown ? (Throwable) clean[last] : null);
    } else if (level == LocationAwareLogger.DEBUG_INT) {
      logger.debug(pattern, clean);
    } else if (level == LocationAwareLogger.INFO_INT) {
      logger.info(pattern, clean);
    } else if (level == LocationAwareLogger.WARN_INT) {
      logger.warn(pattern, clean);
    } else {
      logger.error(pattern, clean);
    }
  }

  private static @Nullable Object clean(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    return value instanceof Throwable thrown ? LogText.of(thrown) : LogText.of(value.toString());
  }
}
