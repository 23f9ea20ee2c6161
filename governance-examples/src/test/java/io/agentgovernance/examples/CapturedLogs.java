// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;

/** Everything that is logged while a test runs, and shown nowhere. */
abstract class CapturedLogs {
  final ListAppender<ILoggingEvent> logs = new ListAppender<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  private final List<Appender<ILoggingEvent>> shown = new ArrayList<>();
  private Level level = Level.WARN;

  @BeforeEach
  void captureLogs() {
    level = root.getLevel();
    root.setLevel(Level.TRACE);
    root.iteratorForAppenders().forEachRemaining(shown::add);
    shown.forEach(root::detachAppender); // a test's console is no place for all this
    logs.start();
    root.addAppender(logs);
  }

  @AfterEach
  void releaseLogs() {
    root.detachAppender(logs);
    shown.forEach(root::addAppender);
    root.setLevel(level);
  }
}
