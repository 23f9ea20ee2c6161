// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.RunTerms;
import java.time.Duration;

/** One small piece of what a run remembers; together, in order, they rebuild it. */
public sealed interface Delta {

  /** The run was started. */
  record Opened(RunTerms terms) implements Delta {
    public Opened {
      requireNonNull(terms, "terms");
    }
  }

  /** A command took effect. */
  record Changed(Change change) implements Delta {
    public Changed {
      requireNonNull(change, "change");
    }
  }

  /** A body learned something. */
  record Journaled(JournalEntry entry) implements Delta {
    public Journaled {
      requireNonNull(entry, "entry");
    }
  }

  /** A named point was reached. */
  record Marked(Checkpoint checkpoint) implements Delta {
    public Marked {
      requireNonNull(checkpoint, "checkpoint");
    }
  }

  /** How much active time the run has used. */
  record Elapsed(Duration active) implements Delta {
    public Elapsed {
      requireNonNull(active, "active");
    }
  }
}
