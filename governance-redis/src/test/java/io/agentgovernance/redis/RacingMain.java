// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.ProcedureViolation;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.RunStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One of the JVMs of {@link FourJvmsTest}: does on its threads what each line says, and answers
 * with one line.
 */
final class RacingMain {
  private static final ExecutorService THREADS = Executors.newCachedThreadPool();

  private final RedisCoordination coordination;
  private final int number;

  private RacingMain(RedisCoordination coordination, int number) {
    this.coordination = coordination;
    this.number = number;
  }

  public static void main(String[] arguments) throws Exception {
    try (RedisCoordination coordination = TestRun.open(arguments[0])) {
      var main = new RacingMain(coordination, Integer.parseInt(arguments[1]));
      var lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      System.out.println("ready");
      String line = lines.readLine();
      while (line != null) {
        System.out.println(main.answer(line.split(" ", -1)));
        line = lines.readLine();
      }
    }
    THREADS.shutdown();
  }

  private String answer(String[] words) throws Exception {
    RunId run = RunId.of(words[1]);
    RunStore store = coordination.attach(run).orElseThrow();
    return switch (words[0]) {
      case "attach" -> "attached";
      case "errors" -> errors(store, words);
      case "revoke-and-die" -> {
        store.apply(violation(AgentId.of(words[2]), Long.parseLong(words[3]), "last"));
        Runtime.getRuntime().halt(9);
        yield "";
      }
      case "claim" -> claim(store, words);
      case "vote" -> vote(store, words);
      case "release" -> {
        coordination.release(run);
        yield "released";
      }
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private static Command.RecordError violation(AgentId agent, long token, String id) {
    return new Command.RecordError(
        agent, token, id, id, ProcedureViolation.PHASE_JUMP, "it jumped");
  }

  /** 25 errors at once; answers how often this JVM was told to revoke. */
  private String errors(RunStore store, String[] words) throws Exception {
    AgentId agent = AgentId.of(words[2]);
    long token = Long.parseLong(words[3]);
    List<Callable<Applied<ErrorTally>>> all = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String id = number + "-" + i;
      Command.RecordError error =
          switch (words[4]) {
            case "distinct" -> new Command.RecordError(agent, token, id, id, null, "it failed");
            case "identical" -> new Command.RecordError(agent, token, id, "same", null, "again");
            case "violation" -> violation(agent, token, id);
            case "repeated" ->
                new Command.RecordError(agent, token, "e" + i % 7, "s" + i % 7, null, "reported");
            default -> throw new IllegalArgumentException(words[4]);
          };
      all.add(() -> store.apply(error));
    }
    long revocations =
        together(all).stream()
            .filter(answer -> answer.status() == Applied.Status.OK)
            .filter(answer -> answer.value().map(ErrorTally::revoked).orElse(false))
            .count();
    return "revocations " + revocations;
  }

  private static String claim(RunStore store, String[] words) throws Exception {
    var command =
        new Command.ClaimHandoff(AgentId.of(words[2]), Long.parseLong(words[3]), words[4]);
    return "claimed " + (store.apply(command).status() == Applied.Status.OK ? 1 : 0);
  }

  /** Two ballots of each of some voters at once; answers how many were counted. */
  private static String vote(RunStore store, String[] words) throws Exception {
    List<Callable<Applied<?>>> all = new ArrayList<>();
    for (int i = 3; i < words.length; i += 2) {
      var voter = new TestRun.Agent(AgentId.of(words[i]), Long.parseLong(words[i + 1]));
      all.add(
          () -> {
            Applied<?> first = store.apply(ballot(voter, Ballot.Choice.ACCEPT));
            Applied<?> second = store.apply(ballot(voter, Ballot.Choice.REJECT));
            if (second.accepted()) {
              throw new IllegalStateException("a second ballot counted: " + second);
            }
            return first;
          });
    }
    long counted =
        together(all).stream().filter(answer -> answer.status() == Applied.Status.OK).count();
    return "counted " + counted;
  }

  private static Command.Cast ballot(TestRun.Agent voter, Ballot.Choice choice) {
    return new Command.Cast(
        voter.id(), voter.token(), "p", Payload.text("p").digest(), choice, "because");
  }

  private static <T> List<T> together(List<Callable<T>> steps)
      throws InterruptedException, ExecutionException {
    var go = new CountDownLatch(1);
    List<Future<T>> futures = new ArrayList<>();
    for (Callable<T> step : steps) {
      futures.add(
          THREADS.submit(
              () -> {
                go.await();
                return step.call();
              }));
    }
    go.countDown();
    List<T> results = new ArrayList<>();
    for (Future<T> future : futures) {
      results.add(future.get());
    }
    return results;
  }
}
