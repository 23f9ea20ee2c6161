// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import io.agentgovernance.payload.Digest;
import org.jspecify.annotations.Nullable;

/** Notices an agent that makes the same call again and again. Confined to the agent's thread. */
public final class LoopDetector {
  private @Nullable Digest last;

  /** Makes a detector that has seen nothing. */
  public LoopDetector() {}

  /** Takes note of a call and says whether it is identical to the one before. */
  public boolean repeats(Digest call) {
    boolean same = call.equals(last);
    last = call;
    return same;
  }

  /** Forgets the last call, so that the next one repeats nothing. */
  public void reset() {
    last = null;
  }
}
