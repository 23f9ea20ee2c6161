// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Command;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a run is told comes in the order in which it happened, whichever thread is quicker. */
class AnnouncementsTest {
  private final List<Runnable> threads = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private final Announcements announcements =
      new Announcements(threads::add, note -> told.add(note.type()));

  @Test
  void theFirstIsToldFirstThoughTheSecondThreadIsQuicker() {
    announcements.add(note("first"));
    announcements.add(note("second"));
    threads.get(1).run();
    threads.get(0).run();

    assertThat(told).containsExactly("first", "second");
  }

  @Test
  void eachIsToldOnceByWhoeverComes() {
    announcements.add(note("first"));
    threads.get(0).run();
    announcements.add(note("second"));
    threads.get(1).run();
    threads.get(1).run();

    assertThat(told).containsExactly("first", "second");
  }

  private static Command.Note note(String type) {
    return new Command.Note(null, type, Payload.of(Map.of()));
  }
}
