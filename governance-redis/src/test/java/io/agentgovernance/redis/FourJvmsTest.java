// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.testkit.redis.RedisServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** F21, F22 and F23 across four JVMs on one server. */
@Timeout(600)
class FourJvmsTest {
  private static final int JVMS = 4;

  private static final List<Jvm> jvms = new ArrayList<>();
  private static RedisServer redis;

  @BeforeAll
  static void startJvms() {
    redis = RedisServer.start();
    for (int i = 0; i < JVMS; i++) {
      jvms.add(Jvm.start(redis.uri(), i));
    }
    jvms.forEach(jvm -> assertThat(jvm.read()).isEqualTo("ready"));
  }

  @AfterAll
  static void endAll() {
    jvms.forEach(Jvm::close);
    redis.close();
  }

  /** A child process that runs {@link RacingMain}. */
  private record Jvm(Process process, Writer to, BufferedReader from) {
    static Jvm start(String uri, int number) {
      try {
        Process process =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    RacingMain.class.getName(),
                    uri,
                    String.valueOf(number))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new Jvm(
            process,
            new OutputStreamWriter(process.getOutputStream(), UTF_8),
            new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void say(String line) {
      try {
        to.write(line + "\n");
        to.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    String read() {
      try {
        return String.valueOf(from.readLine());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void close() {
      process.destroyForcibly();
    }
  }

  /** Has all JVMs do something at once, and returns the sum of the numbers they answer. */
  private long all(IntFunction<String> lines) {
    for (int i = 0; i < jvms.size(); i++) {
      jvms.get(i).say(lines.apply(i));
    }
    return jvms.stream()
        .map(Jvm::read)
        .mapToLong(line -> Long.parseLong(line.split(" ", -1)[1]))
        .sum();
  }

  private void attachAll(RunId run) {
    jvms.forEach(jvm -> jvm.say("attach " + run));
    jvms.forEach(jvm -> assertThat(jvm.read()).isEqualTo("attached"));
  }

  private void releaseAll(RedisCoordination coordination, RunId run) {
    jvms.forEach(jvm -> jvm.say("release " + run));
    jvms.forEach(jvm -> assertThat(jvm.read()).isEqualTo("released"));
    coordination.release(run);
  }

  @Test
  void aHundredErrorsAtOnceRevokeOnceAndHandOffOnce() {
    try (RedisCoordination coordination = TestRun.open(redis.uri())) {
      for (int i = 0; i < Trial.times(2, 50); i++) {
        revokedAt(coordination, "distinct", 8);
        revokedAt(coordination, "identical", 3);
        revokedAt(coordination, "violation", 1);
        reportedAgain(coordination);
      }
    }
  }

  private void revokedAt(RedisCoordination coordination, String kind, int count) {
    TestRun run = TestRun.in(coordination);
    TestRun.Agent agent = run.agent("alpha");
    attachAll(run.id());

    long revocations =
        all(jvm -> "errors " + run.id() + " " + agent.id() + " " + agent.token() + " " + kind);

    RunStore seen = seen(run);
    assertThat(revocations).as(kind).isEqualTo(1);
    assertThat(seen.agents().get(0).status()).isEqualTo(AgentStatus.REVOKED);
    assertThat(seen.agents().get(0).errors()).as(kind).isEqualTo(count);
    assertThat(seen.handoffs()).hasSize(1);
    releaseAll(coordination, run.id());
  }

  private void reportedAgain(RedisCoordination coordination) {
    TestRun run = TestRun.in(coordination);
    TestRun.Agent agent = run.agent("alpha");
    attachAll(run.id());

    long revocations =
        all(jvm -> "errors " + run.id() + " " + agent.id() + " " + agent.token() + " repeated");

    RunStore seen = seen(run);
    assertThat(revocations).isZero();
    assertThat(seen.agents().get(0).errors()).isEqualTo(7);
    assertThat(seen.handoffs()).isEmpty();
    releaseAll(coordination, run.id());
  }

  /** The run as the server has it, read by a JVM that took no part. */
  private RunStore seen(TestRun run) {
    try (RedisCoordination fresh = TestRun.open(redis.uri())) {
      return fresh.attach(run.id()).orElseThrow();
    }
  }

  @Test
  void aHandoffWhoseMakerDiedAtOnceHasOneTaker() throws Exception {
    try (RedisCoordination coordination = TestRun.open(redis.uri())) {
      for (int i = 0; i < Trial.times(2, 50); i++) {
        TestRun run = TestRun.in(coordination);
        TestRun.Agent agent = run.agent("alpha");
        List<TestRun.Agent> takers = new ArrayList<>();
        for (int taker = 0; taker < JVMS; taker++) {
          takers.add(run.agent("taker" + taker));
        }
        attachAll(run.id());
        Jvm dying = jvms.get(0);
        dying.say("revoke-and-die " + run.id() + " " + agent.id() + " " + agent.token());
        assertThat(dying.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
        jvms.set(0, Jvm.start(redis.uri(), 0));
        assertThat(jvms.get(0).read()).isEqualTo("ready");

        long claimed =
            all(
                jvm ->
                    "claim %s %s %d %s/handoff"
                        .formatted(
                            run.id(), takers.get(jvm).id(), takers.get(jvm).token(), agent.id()));

        RunStore seen = seen(run);
        assertThat(claimed).isEqualTo(1);
        assertThat(seen.handoffs()).hasSize(1);
        assertThat(seen.handoffs().get(0).state()).isEqualTo(Handoff.State.CLAIMED);
        assertThat(seen.agent(agent.id()).orElseThrow().status()).isEqualTo(AgentStatus.REVOKED);
        assertThat(seen.agent(agent.id()).orElseThrow().errors()).isEqualTo(1);
        releaseAll(coordination, run.id());
      }
    }
  }

  @Test
  void sixtyFourVotersOfFourJvmsDecideOnce() {
    try (RedisCoordination coordination = TestRun.open(redis.uri())) {
      for (int i = 0; i < Trial.times(2, 200); i++) {
        TestRun run = TestRun.in(coordination);
        TestRun.Agent author = run.agent("author");
        List<TestRun.Agent> voters = new ArrayList<>();
        for (int voter = 0; voter < 64; voter++) {
          voters.add(run.agent("voter" + voter));
        }
        run.store.apply(author.propose("p"));
        attachAll(run.id());

        long counted = all(jvm -> votes(run, voters.subList(16 * jvm, 16 * jvm + 16)));

        RunStore seen = seen(run);
        Proposal proposal = seen.proposals().get(0);
        assertThat(proposal.state()).isEqualTo(Proposal.State.ACCEPTED);
        assertThat(proposal.accepts()).isEqualTo(proposal.quorum()).isEqualTo(33);
        assertThat(counted).isEqualTo(33);
        assertThat(proposal.rejects()).isZero();
        releaseAll(coordination, run.id());
      }
    }
  }

  private static String votes(TestRun run, List<TestRun.Agent> voters) {
    StringBuilder line = new StringBuilder("vote " + run.id() + " p");
    for (TestRun.Agent voter : voters) {
      line.append(' ').append(voter.id()).append(' ').append(voter.token());
    }
    return line.toString();
  }
}
