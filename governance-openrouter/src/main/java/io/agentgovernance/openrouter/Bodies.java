// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import java.io.IOException;
import okio.Buffer;
import okio.BufferedSource;

/** Reads bodies of any length without holding more than a limit. Stateless. */
final class Bodies {
  private static final int STEP = 8 << 10;

  private Bodies() {}

  /** The first bytes of a body, at most so many. */
  static byte[] upTo(int limit, BufferedSource source) throws IOException {
    Buffer kept = new Buffer();
    while (kept.size() < limit) {
      long read = source.read(kept, Math.min(STEP, limit - kept.size()));
      if (read < 0) {
        break;
      }
    }
    return kept.readByteArray();
  }
}
