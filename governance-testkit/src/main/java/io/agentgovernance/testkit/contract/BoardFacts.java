// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.contract;

import static io.agentgovernance.testkit.contract.CoordinationFacts.assertRefused;
import static io.agentgovernance.testkit.contract.CoordinationFacts.changes;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Applied.Status;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Facts about the blackboard: versions that lose nothing, and bounds. */
interface BoardFacts extends CoordinationFacts {
  int WRITERS = 16;
  int INCREMENTS = 100;

  @Test
  default void writesVersionsWithTheirWriter() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");

    one.ok(one.write("w1", "key", Payload.text("a"), 0));
    BlackboardEntry written = two.ok(two.write("w2", "key", Payload.text("b"), 1)).orThrow();

    assertThat(written.version()).isEqualTo(2);
    assertThat(written.writer()).isEqualTo(two.id);
    assertThat(written.value()).isEqualTo(Payload.text("b"));
    assertThat(run.store.entry("key")).contains(written);
    assertThat(run.store.entry("other")).isEmpty();
  }

  @Test
  default void writesOverAnyVersionIfAsked() {
    LiveRun run = run();
    Actor actor = run.agent("one");

    actor.ok(actor.write("w1", "key", Payload.text("a"), Command.Write.ANY));
    actor.ok(actor.write("w2", "key", Payload.text("b"), Command.Write.ANY));

    assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  default void namesTheVersionAndTheWriterThatItFound() {
    LiveRun run = run();
    Actor one = run.agent("one");
    Actor two = run.agent("two");
    one.ok(one.write("w1", "key"));

    var early = two.does(two.write("w2", "key", Payload.text("b"), 0));
    var late = two.does(two.write("w3", "key", Payload.text("b"), 2));
    var absent = two.does(two.write("w4", "absent", Payload.text("b"), 1));

    assertRefused(early, Status.CONFLICT, "VERSION:1:" + one.id);
    assertRefused(late, Status.CONFLICT, "VERSION:1:" + one.id);
    assertRefused(absent, Status.CONFLICT, "VERSION:0");
    assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(1);
    assertThat(run.store.entry("absent")).isEmpty();
  }

  @Test
  default void answersARepeatedWriteWithItsEntryOfThen() {
    LiveRun run = run();
    Actor actor = run.agent("one");
    Applied<BlackboardEntry> first = actor.ok(actor.write("w1", "key"));
    actor.ok(actor.write("w2", "key"));

    Applied<BlackboardEntry> again = actor.does(actor.write("w1", "key"));

    assertThat(again).isEqualTo(Applied.dup(0, first.orThrow()));
    assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  default void losesNoUpdateOf16WritersThatCompareAndSet() {
    incrementTogether(run());
  }

  /** Each writer reads a number, adds one, and writes it if nobody else did: nothing is lost. */
  static void incrementTogether(LiveRun run) {
    Actor actor = run.agent("counter");

    List<List<Long>> versions =
        Together.run(
            WRITERS,
            writer -> {
              List<Long> written = new ArrayList<>();
              for (int attempt = 0; written.size() < INCREMENTS; attempt++) {
                BlackboardEntry now = run.store.entry("count").orElse(null);
                long count = now == null ? 0 : Long.parseLong(now.value().text());
                actor
                    .does(
                        actor.write(
                            writer + "/" + attempt,
                            "count",
                            Payload.text(Long.toString(count + 1)),
                            now == null ? 0 : now.version()))
                    .value()
                    .ifPresent(entry -> written.add(entry.version()));
              }
              return written;
            });

    long all = (long) WRITERS * INCREMENTS;
    BlackboardEntry last = run.store.entry("count").orElseThrow();
    assertThat(last.value()).as("no update is lost").isEqualTo(Payload.text(Long.toString(all)));
    assertThat(last.version()).isEqualTo(all);
    assertThat(versions.stream().flatMap(List::stream).sorted())
        .as("each version was written once")
        .containsExactlyElementsOf(LongStream.rangeClosed(1, all).boxed().toList());
  }

  @Test
  default void listsEntriesByPrefixInTheOrderOfTheirKeys() {
    LiveRun run = run();
    Actor actor = run.agent("one");
    for (String key : List.of("b/2", "a", "b/10", "c", "b", "b/1")) {
      actor.ok(actor.write("w " + key, key));
    }

    assertThat(run.store.entries("b/"))
        .extracting(BlackboardEntry::key)
        .containsExactly("b/1", "b/10", "b/2");
    assertThat(run.store.entries(""))
        .extracting(BlackboardEntry::key)
        .containsExactly("a", "b", "b/1", "b/10", "b/2", "c");
    assertThat(run.store.entries("z")).isEmpty();
  }

  @Test
  default void boundsKeysAndValues() {
    LiveRun run = run();
    Actor actor = run.agent("one");
    int most = 4 * 1024 * 1024;
    Payload largest = Payload.text("v".repeat(most - 2)); // two quotes
    Payload tooLarge = Payload.text("v".repeat(most - 1));
    assertThat(largest.bytes()).isEqualTo(most);

    actor.ok(actor.write("w1", "k".repeat(256)));
    actor.ok(actor.write("w2", "large", largest, 0));

    assertRefused(actor.does(actor.write("w3", "k".repeat(257))), Status.CONFLICT, "LIMIT");
    assertRefused(actor.does(actor.write("w4", "larger", tooLarge, 0)), Status.CONFLICT, "LIMIT");
    assertThat(run.store.entry("larger")).isEmpty();
    assertThat(run.store.entry("large").orElseThrow().value()).isEqualTo(largest);
  }

  @Test
  default void tellsThatAWriteRepeatsTheValue() {
    LiveRun run = run();
    Actor actor = run.agent("one");

    var changes =
        changes(
            run.store,
            () -> {
              actor.ok(actor.write("w1", "key", Payload.text("a"), 0));
              actor.ok(actor.write("w2", "key", Payload.text("a"), 1));
              actor.ok(actor.write("w3", "key", Payload.text("b"), 2));
            });

    assertThat(changes.get(0).effects()).isEmpty();
    assertThat(changes.get(1).effects()).containsExactly(new Effect.SameValue("key"));
    assertThat(changes.get(2).effects()).isEmpty();
  }
}
