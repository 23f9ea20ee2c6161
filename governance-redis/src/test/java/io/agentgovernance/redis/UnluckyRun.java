// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.testkit.net.FaultProxy;
import io.agentgovernance.testkit.redis.RedisServer;
import io.agentgovernance.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** A run on a server of its own, of which batches and their answers get lost as a test says. */
final class UnluckyRun implements AutoCloseable {
  /** The batch never comes to the server. */
  static final String GOING = "GOING";

  /** The batch takes effect, and its answer never comes. */
  static final String COMING = "COMING";

  private static final String LUCK =
      """
      local function given()
      %s
      end
      local luck = ''
      if ARGV[12 + 3 * tonumber(ARGV[11])] ~= '0' then
        luck = redis.call('LPOP', 'luck') or ''
      end
      if luck == 'GOING' then
        return redis.error_reply('TRYAGAIN it never came')
      end
      local answer = given()
      if luck == 'COMING' then
        return redis.error_reply('TRYAGAIN the answer was lost')
      end
      return answer
      """;

  final RedisServer redis = RedisServer.start();
  final FaultProxy proxy = FaultProxy.to(redis.port());

  /** The sequences of the changes a follower was told. */
  final List<Long> told = new CopyOnWriteArrayList<>();

  /** The threads that asked for scripts: whoever sends a batch does, and whoever catches up. */
  final List<Thread> senders = new CopyOnWriteArrayList<>();

  final TestRun run;
  private final RedisCoordination coordination;
  private final String append;
  private int before;

  /**
   * Makes a run.
   *
   * @param text the script that appends a batch
   */
  UnluckyRun(String text) {
    Script script = Script.of("append", LUCK.formatted(text));
    append = script.digest();
    Object unused =
        redis.command("SCRIPT", "LOAD", script.text()); // else the first batch has to be sent again
    StoreScripts scripts = scripts(script);
    RedisConnections connections =
        RedisConnections.open(
            RedisAddress.parse("redis://127.0.0.1:" + proxy.port() + "?commandTimeout=20s"),
            RedisOptions.DEFAULT,
            Optional.empty());
    coordination =
        new RedisCoordination(
            connections,
            TimeSource.system(),
            () -> {
              senders.add(Thread.currentThread());
              return scripts;
            },
            connections::close);
    run = TestRun.in(coordination);
    run.store.follow(change -> told.add(change.sequence()));
    ready();
  }

  /** All scripts, with another one that appends. */
  static StoreScripts scripts(Script append) {
    StoreScripts real = StoreScripts.STANDARD;
    return new StoreScripts(
        real.create(),
        append,
        real.restoreLoad(),
        real.restore(),
        real.project(),
        real.leases(),
        real.renew(),
        real.check(),
        real.finish());
  }

  /** From here on the log is looked at. */
  void ready() {
    before = entries().size();
    senders.clear();
  }

  /** What becomes of the next batches, one after the other. */
  void luck(String... all) {
    redis.command("DEL", "luck");
    for (String each : all) {
      redis.command("RPUSH", "luck", each);
    }
  }

  /** Has the answer to the next batch end its connection. */
  void cutNextAnswer() {
    proxy.cutNextResponseTo(append);
  }

  private List<?> entries() {
    return (List<?>) redis.command("XRANGE", run.keys().log(), "-", "+");
  }

  /** The changes of each batch in the log, as JSON. */
  List<List<String>> batches() {
    List<?> all = entries();
    List<List<String>> batches = new ArrayList<>();
    for (Object entry : all.subList(before, all.size())) {
      List<?> fields = (List<?>) ((List<?>) entry).get(1);
      batches.add(((String) fields.get(3)).lines().toList());
    }
    return batches;
  }

  /** How many changes each batch in the log has. */
  List<Integer> sizes() {
    return batches().stream().map(List::size).toList();
  }

  /** A command that would count twice if it were given twice. */
  static Command<?> note(String text) {
    return new Command.Note(null, "note", Payload.text(text));
  }

  /** Gives each command in a thread of its own; each waits in line before the next one comes. */
  static List<CompletableFuture<Applied<?>>> inLine(RunStore store, Command<?>... all) {
    List<CompletableFuture<Applied<?>>> answers = new ArrayList<>();
    for (Command<?> command : all) {
      var answer = new CompletableFuture<Applied<?>>();
      Thread thread =
          new Thread(
              () -> {
                try {
                  answer.complete(store.apply(command));
                } catch (RuntimeException e) {
                  answer.completeExceptionally(e);
                }
              });
      thread.setDaemon(true);
      thread.start();
      Trial.await("it waits", () -> LockSupport.getBlocker(thread) instanceof Pending);
      answers.add(answer);
    }
    return answers;
  }

  /** The same while the server answers nobody, so that the first two are sent by themselves. */
  List<CompletableFuture<Applied<?>>> whilePaused(Command<?>... all) {
    pause();
    var answers = inLine(run.store, all);
    goOn();
    return answers;
  }

  /** Has the server put off whatever writes. */
  void pause() {
    redis.command("CLIENT", "PAUSE", "60000", "WRITE");
  }

  void goOn() {
    redis.command("CLIENT", "UNPAUSE");
  }

  @Override
  public void close() {
    coordination.close();
    proxy.close();
    redis.close();
  }
}
