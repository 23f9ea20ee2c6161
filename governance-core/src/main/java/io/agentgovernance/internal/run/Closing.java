// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.secret.Log;

/** Closes what must not get in the way if it fails to. */
final class Closing {
  private static final Log log = Log.of(Closing.class);

  private Closing() {}

  static void quietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      log.warn("closing {} failed", closeable.getClass().getName(), e);
    }
  }
}
