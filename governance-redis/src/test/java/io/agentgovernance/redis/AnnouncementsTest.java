// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static io.agentgovernance.redis.UnluckyRun.note;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes are announced once somebody else follows the run. */
@Timeout(60)
class AnnouncementsTest {
  private static final String APPEND = StoreScripts.STANDARD.append().text();
  private static final String WANTED = "status == 'FOLLOW'";

  private static boolean announced(UnluckyRun run) {
    return String.valueOf(run.redis.command("INFO", "commandstats")).contains("cmdstat_publish");
  }

  /** A store that does not say that it wants to be told. */
  private static RedisCoordination deaf(String uri) {
    StoreScripts scripts = UnluckyRun.scripts(Script.of("append", APPEND.replace(WANTED, "false")));
    RedisConnections connections =
        RedisConnections.open(RedisAddress.parse(uri), RedisOptions.DEFAULT, Optional.empty());
    return new RedisCoordination(
        connections, TimeSource.system(), () -> scripts, connections::close);
  }

  @Test
  void aRunThatNoOtherStoreFollowsIsNotAnnounced() {
    try (UnluckyRun unlucky = new UnluckyRun(APPEND)) {
      assertThat(unlucky.run.store.apply(note("1")).accepted()).isTrue();

      assertThat(announced(unlucky)).isFalse();
    }
  }

  @Test
  void anotherStoreIsToldOfAllThatComesAfterItHasAttachedAndTellsTheFirst() throws Exception {
    try (UnluckyRun unlucky = new UnluckyRun(APPEND);
        RedisCoordination two = TestRun.open(unlucky.redis.uri())) {
      assertThat(unlucky.run.store.apply(note("1")).accepted()).isTrue();
      RunStore there = two.attach(unlucky.run.id()).orElseThrow();
      List<Long> told = new CopyOnWriteArrayList<>();
      AutoCloseable following = there.follow(change -> told.add(change.sequence()));
      assertThat(unlucky.run.store.apply(note("2")).accepted()).isTrue();
      Trial.await("the second store is told", () -> told.equals(List.of(2L)));
      assertThat(there.apply(note("3")).accepted()).isTrue();
      Trial.await("the first store is told", () -> unlucky.told.equals(List.of(1L, 2L, 3L)));
      following.close();

      assertThat(announced(unlucky)).isTrue();
    }
  }

  @Test
  void aRunThatWasRestoredIsAnnouncedToThoseWhoAttachThen() {
    try (UnluckyRun unlucky = new UnluckyRun(APPEND);
        RedisCoordination two = TestRun.open(unlucky.redis.uri());
        RedisCoordination three = TestRun.open(unlucky.redis.uri())) {
      RunStore restored = two.restore(unlucky.run.store.terms(), 1, List.of());
      RunStore there = three.attach(unlucky.run.id()).orElseThrow();
      assertThat(restored.apply(note("1")).accepted()).isTrue();

      Trial.await("it is told", () -> there.sequence() == 1);
    }
  }

  /** The control: nobody would be told if the script did not note who wants to be. */
  @Test
  void aStoreThatIsNotNotedIsNotTold() {
    assertThat(APPEND).contains(WANTED);
    try (UnluckyRun unlucky = new UnluckyRun(APPEND);
        RedisCoordination two = deaf(unlucky.redis.uri())) {
      assertThat(two.attach(unlucky.run.id())).isPresent();
      assertThat(unlucky.run.store.apply(note("1")).accepted()).isTrue();

      assertThat(announced(unlucky)).isFalse();
    }
  }
}
