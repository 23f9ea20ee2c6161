// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.testkit.redis.RedisServer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F16 and F18: scripts are loaded when they are missing, and touch no key but those they name. */
@Timeout(120)
class ScriptRulesTest {

  @Test
  void aScriptThatTheServerForgotIsLoadedUnnoticed() {
    try (RedisServer redis = RedisServer.start();
        RedisCoordination coordination = TestRun.open(redis.uri())) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");

      for (int i = 0; i < 100; i++) {
        redis.command("SCRIPT", "FLUSH");
        assertThat(run.store.apply(agent.write("w" + i, "key")).accepted()).isTrue();
        assertThat(run.store.holds(agent.id().value(), agent.token())).isTrue();
      }

      assertThat(run.store.entry("key").orElseThrow().version()).isEqualTo(100);
    }
  }

  /** A server, and a connection of a user that may touch only the keys it is told for each call. */
  private record Guarded(RedisServer redis, RedisConnections connections, Set<String> called)
      implements AutoCloseable {

    static Guarded start() {
      RedisServer redis = RedisServer.builder().user("probe", "on >word allchannels +@all").start();
      RedisConnections connections =
          RedisConnections.open(
              RedisAddress.parse(redis.uri() + "?username=probe&password=test:word"),
              RedisOptions.DEFAULT.withTopology(RedisOptions.Topology.SINGLE),
              Optional.of(reference -> Secret.of("word")));
      return new Guarded(redis, connections, new LinkedHashSet<>());
    }

    String run(Script script, List<String> keys, Object... arguments) {
      List<String> allowed = new ArrayList<>(List.of("ACL", "SETUSER", "probe", "resetkeys"));
      keys.forEach(key -> allowed.add("~" + key));
      redis.command(allowed.toArray(String[]::new));
      String[] given = List.of(arguments).stream().map(String::valueOf).toArray(String[]::new);
      called.add(script.name());
      String first =
          (String)
              connections
                  .call(
                      script.name(),
                      () -> connections.run(script, keys.toArray(String[]::new), given))
                  .get(0);
      return first.split(" ", 2)[0];
    }

    @Override
    public void close() {
      connections.close();
      redis.close();
    }
  }

  private static final RedisKeys KEYS = RedisKeys.of(TenantId.DEFAULT, RunId.of("run-1"));
  private static final List<String> ALL = List.of(RunLog.allKeys(KEYS));
  private static final List<String> LEASES = List.of(KEYS.control(), KEYS.leases());

  @Test
  void noScriptTouchesAKeyThatItDoesNotName() {
    StoreScripts s = StoreScripts.STANDARD;
    try (Guarded redis = Guarded.start()) {
      assertThat(redis.run(s.create(), List.of(KEYS.control()), "nonce", "{}", 60_000))
          .isEqualTo("CREATED");
      assertThat(redis.run(s.leases(), LEASES, 0, 60_000, "take", "a", "me", 60_000_000))
          .isEqualTo("OK");
      assertThat(redis.run(s.check(), LEASES, 0, "a", 1)).isEqualTo("OK");
      assertThat(redis.run(s.append(), ALL, question())).isEqualTo("OK");
      assertThat(redis.run(s.append(), ALL, append(1, 0, ""))).isEqualTo("OK");
      assertThat(redis.run(s.append(), ALL, append(1, 0, ""))).isEqualTo("DUP");
      assertThat(redis.run(s.append(), ALL, append(2, 0, ""))).isEqualTo("CONFLICT");
      assertThat(redis.run(s.append(), ALL, append(2, 1, "w:1"))).isEqualTo("OK");
      assertThat(redis.run(s.renew(), ALL, 0, "a", 1, 60_000_000, 60_000, 1)).isEqualTo("OK");
      assertThat(redis.run(s.leases(), LEASES, 0, 60_000, "give", "a", 1, "")).isEqualTo("OK");
      List<String> making = List.of(KEYS.control(), KEYS.restoring(3));
      assertThat(redis.run(s.restoreLoad(), making, 3, 60_000, "r", 1, "{}", "{}")).isEqualTo("OK");
      List<String> replacing = new ArrayList<>(ALL);
      replacing.add(KEYS.restoring(3));
      assertThat(
              redis.run(s.restore(), replacing, 3, "n", "{}", 2, "r", 60_000, "RUNNING", "channel"))
          .isEqualTo("OK");
      List<String> shown =
          List.of(KEYS.control(), KEYS.agents(), KEYS.blackboard(), KEYS.blackboardVersions());
      assertThat(
              redis.run(s.project(), shown, 3, 60_000, 1, "id", "RUNNING", 1, "k", "v", 1, "k", 1))
          .isEqualTo("OK");
      assertThat(redis.run(s.finish(), ALL, 3, 60_000)).isEqualTo("OK");

      assertThat(redis.called())
          .as("every script")
          .hasSize(StoreScripts.class.getRecordComponents().length);
    }
  }

  /** The user that docs/redis.md names. */
  @Test
  void aUserOfOneTenantMayDoWhatItsRunsNeedAndNothingWithTheRunsOfOthers() {
    String rules =
        "on >word ~pipeline:{default/* ~run:* ~agent:* ~project:* resetchannels &pipeline:{default/*"
            + " +@all -@admin -@dangerous +info";
    try (RedisServer redis = RedisServer.builder().user("app", rules).start();
        RedisCoordination coordination =
            RedisCoordination.open(
                redis.uri() + "?username=app&password=test:word",
                RedisOptions.DEFAULT,
                reference -> Secret.of("word"))) {
      TestRun run = TestRun.in(coordination);
      TestRun.Agent agent = run.agent("alpha");

      assertThat(run.store.apply(agent.write("w", "key")).accepted()).isTrue();
      assertThat(run.store.renew(run.lead)).isTrue();
      coordination.release(run.id());
      assertThat(coordination.attach(run.id())).isPresent();
      assertThatThrownBy(() -> coordination.create(ofAnotherTenant(run.store.terms())))
          .isInstanceOf(CoordinationUnavailableException.class);
    }
  }

  private static RunTerms ofAnotherTenant(RunTerms terms) {
    return new RunTerms(
        TenantId.of("other"),
        RunId.random(),
        terms.objective(),
        terms.inputs(),
        terms.roles(),
        terms.writer(),
        terms.spend(),
        terms.timeout(),
        terms.mediation(),
        terms.definition(),
        terms.startedAt());
  }

  /** A batch with something of everything. */
  private static Object[] append(int batch, int expected, String tail) {
    return new Object[] {
      0, "w", batch, expected, tail, "channel", 1, 60_000, 1, "RUNNING", 1, "a", 1, 1, 1, "{}", 1,
      "agent", "RUNNING", 1, "key", "value", 1, "key", 1
    };
  }

  /** What is missing, asked by one that wants to be told from now on. */
  private static Object[] question() {
    return new Object[] {0, "w", 1, 0, "", "channel", 0, 60_000, 0, "FOLLOW", 0, 0, "", 0, 0, 0};
  }

  /** The control: a script that touches one key more is refused. */
  @Test
  void aKeyThatIsNotNamedIsRefused() {
    Script append = StoreScripts.STANDARD.append();
    String last = "redis.call('XADD'";
    assertThat(append.text()).contains(last);
    Script more =
        Script.of(
            "more",
            append.text().replace(last, "redis.call('SET', control .. ':more', '1')\n" + last));
    try (Guarded redis = Guarded.start()) {
      redis.run(StoreScripts.STANDARD.create(), List.of(KEYS.control()), "nonce", "{}", 60_000);
      redis.run(StoreScripts.STANDARD.leases(), LEASES, 0, 60_000, "take", "a", "me", 60_000_000);

      assertThatThrownBy(() -> redis.run(more, ALL, append(1, 0, "")))
          .isInstanceOf(RedisFailure.class)
          .hasMessageMatching(".* access (at least one of the keys|a key) .*"); // Redis, Valkey
    }
  }
}
