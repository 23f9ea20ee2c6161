// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.RunTerms;
import java.time.Duration;
import java.time.Instant;

/** One small piece of what a run remembers; together, in order, they rebuild it. */
public sealed interface Delta {

  /** The run was started. */
  record Opened(RunTerms terms) implements Delta {
    public Opened {
      requireNonNull(terms, "terms");
    }
  }

  /**
   * A command took effect. What it gave and brought about follows from the commands before it and
   * is not remembered.
   *
   * @param sequence the change's place in the run, beginning with 1, without gaps
   * @param at when it was applied
   * @param command the command
   */
  record Changed(long sequence, Instant at, Command<?> command) implements Delta {
    public Changed {
      requireNonNull(at, "at");
      requireNonNull(command, "command");
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
