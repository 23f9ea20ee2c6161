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
  private final Announcements announcements = new Announcements(threads::add, this::tell);
  private Runnable meanwhile = () -> {};

  @Test
  void theFirstIsToldFirstThoughTheSecondThreadIsQuicker() {
    announcements.add(note("health", 1));
    announcements.add(note("health", 2));
    threads.get(1).run();
    threads.get(0).run();

    assertThat(told).containsExactly("health 1", "health 2");
  }

  @Test
  void eachIsToldOnceByWhoeverComes() {
    announcements.add(note("health", 1));
    threads.get(0).run();
    announcements.add(note("health", 2));
    threads.get(1).run();
    threads.get(1).run();

    assertThat(told).containsExactly("health 1", "health 2");
  }

  @Test
  void aNoteOfAnotherTypeDoesNotWait() {
    assertThat(toldMeanwhile(note("circuit", 2))).containsExactly("circuit 2");
    assertThat(told).containsExactly("circuit 2", "health 1");
  }

  /** The control: one of the same type does. */
  @Test
  void aNoteOfTheSameTypeWaits() {
    assertThat(toldMeanwhile(note("health", 2))).isEmpty();
    assertThat(told).containsExactly("health 1", "health 2");
  }

  /** What is told by the second thread, which comes while the first is telling. */
  private List<String> toldMeanwhile(Command.Note second) {
    announcements.add(note("health", 1));
    announcements.add(second);
    List<String> before = new ArrayList<>();
    meanwhile =
        () -> {
          meanwhile = () -> {};
          threads.get(1).run();
          before.addAll(told);
        };
    threads.get(0).run();
    return before;
  }

  private void tell(Command.Note note) {
    meanwhile.run();
    told.add(note.type() + " " + note.data().at("/number").orElseThrow().json());
  }

  private static Command.Note note(String type, int number) {
    return new Command.Note(null, type, Payload.of(Map.of("number", number)));
  }
}
