// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.ForwardingCheckpointStore;
import java.util.List;

/** A checkpoint store in which what bodies learned cannot be found again. Thread safe. */
final class Forgetful extends ForwardingCheckpointStore {

  Forgetful(CheckpointStore real) {
    super(real);
  }

  /** All of it at once, as what is left out does not count for who reads page by page. */
  @Override
  public List<Delta> read(RunId run, long skip, int limit) {
    return super.read(run, 0, Integer.MAX_VALUE).stream()
        .filter(delta -> !(delta instanceof Delta.Journaled))
        .skip(skip)
        .limit(limit)
        .toList();
  }
}
