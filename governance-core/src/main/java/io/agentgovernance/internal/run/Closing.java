// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.internal.secrets.LogText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what must not get in the way if it fails to. */
final class Closing {
  private static final Logger log = LoggerFactory.getLogger(Closing.class);

  private Closing() {}

  static void quietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      log.warn("closing {} failed", closeable.getClass().getName(), LogText.of(e));
    }
  }
}
