// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

import io.agentgovernance.spi.ContextPropagator;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Carries the MDC of SLF4J. Thread safe. */
public final class MdcPropagator implements ContextPropagator {

  @Override
  public Runnable wrap(Runnable task) {
    Map<String, String> captured = MDC.getCopyOfContextMap();
    return () -> {
      Map<String, String> before = MDC.getCopyOfContextMap();
      put(captured);
      try {
        task.run();
      } finally {
        put(before);
      }
    };
  }

  private static void put(@Nullable Map<String, String> context) {
    if (context == null) {
      MDC.clear();
    } else {
      MDC.setContextMap(context);
    }
  }
}
