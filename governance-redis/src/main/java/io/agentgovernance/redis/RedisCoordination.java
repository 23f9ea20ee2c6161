// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.checkpoint.DeltaJson;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.secret.Log;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunReplica;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.time.TimeSource;
import io.lettuce.core.KeyValue;
import io.lettuce.core.SetArgs;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Coordination on Redis, Valkey or DragonflyDB: what lets orchestrators in several JVMs work on the
 * same runs. Thread safe.
 *
 * <p>Each run is an ordered log of accepted commands in one cluster slot. A command is decided here
 * on a copy of the run and written only if nobody has written since and the token it carries is
 * still the current one; the script that writes it checks both. Calls end within the command
 * timeout, else throw {@link CoordinationUnavailableException}; only {@link #restore} may take five
 * times as long for each piece of a long log.
 *
 * <pre>{@code
 * Orchestrator.builder().blackboard("rediss://redis.bank:6380?password=vault:services/redis")
 * }</pre>
 */
public final class RedisCoordination implements Coordination {
  private static final Log log = Log.of(RedisCoordination.class);

  private final RedisConnections connections;
  private final Supplier<StoreScripts> scripts;
  private final ServerClock clock;
  private final Runnable disconnect;
  private final ConcurrentHashMap<RunId, RedisRunStore> runs = new ConcurrentHashMap<>();

  /**
   * Works over connections.
   *
   * @param scripts what is run on the server, asked for at each call
   * @param disconnect what closing it does at the end
   */
  RedisCoordination(
      RedisConnections connections,
      TimeSource time,
      Supplier<StoreScripts> scripts,
      Runnable disconnect) {
    this.disconnect = disconnect;
    this.connections = connections;
    this.scripts = scripts;
    this.clock = new ServerClock(time);
  }

  /**
   * Connects to a server. Blocks until it answers.
   *
   * @param uri {@code redis://host:port}, {@code rediss://…} with TLS, several hosts of a cluster,
   *     or {@code redis-sentinel://host:port,…#master}; a password by reference
   * @param options what holds where the URI says nothing
   * @param secrets where a password comes from
   * @throws io.agentgovernance.BadInputException if the URI cannot be read
   * @throws CoordinationUnavailableException if the server does not answer
   */
  public static RedisCoordination open(String uri, RedisOptions options, SecretSource secrets) {
    requireNonNull(secrets, "secrets");
    return open(
        RedisAddress.parse(requireNonNull(uri, "uri")),
        requireNonNull(options, "options"),
        Optional.of(secrets),
        TimeSource.system());
  }

  /** Connects to a server that asks for no password. */
  public static RedisCoordination open(String uri, RedisOptions options) {
    return open(RedisAddress.parse(uri), options, Optional.empty(), TimeSource.system());
  }

  static RedisCoordination open(
      RedisAddress address, RedisOptions options, Optional<SecretSource> secrets, TimeSource time) {
    try {
      RedisConnections connections = RedisConnections.open(address, options, secrets);
      return new RedisCoordination(
          connections, time, () -> StoreScripts.STANDARD, connections::close);
    } catch (RedisFailure e) {
      throw new CoordinationUnavailableException(
          e.getMessage() + ". Check the address, and that the server runs and lets this host in.",
          e);
    }
  }

  @Override
  public Optional<RunStore> create(RunTerms terms) {
    RedisKeys keys = RedisKeys.of(terms.tenant(), terms.run());
    List<Object> answer;
    try {
      if (!claim(terms)) {
        return Optional.empty();
      }
      String[] given = {
        UUID.randomUUID().toString(),
        DeltaJson.write(new Delta.Opened(terms)),
        Long.toString(connections.options().keep().toMillis())
      };
      String[] of = {keys.control()};
      answer =
          connections.callOnce("create", () -> connections.run(scripts.get().create(), of, given));
    } catch (RedisFailure e) {
      throw RunLog.unavailable(terms.run(), e);
    }
    clock.heard((String) answer.get(1));
    if (answer.get(0).equals("EXISTS")) {
      return Optional.empty();
    }
    return Optional.of(put(store(keys, 0, RunReplica.of(terms), "", RunLog.Origin.HERE)));
  }

  /** Notes whose run it is; false if a run of that id is another tenant's. */
  private boolean claim(RunTerms terms) {
    String key = RedisKeys.tenantOf(terms.run());
    String tenant = terms.tenant().value();
    SetArgs once = SetArgs.Builder.nx().px(connections.options().keep());
    String set = connections.callOnce("SET", () -> connections.commands().set(key, tenant, once));
    return set != null || tenant.equals(read(key));
  }

  private @Nullable String read(String key) {
    return connections.callOnce("GET", () -> connections.commands().get(key));
  }

  private RedisRunStore store(
      RedisKeys keys, long epoch, RunReplica replica, String tail, RunLog.Origin origin) {
    RunLog runLog = new RunLog(connections, scripts, keys, epoch, clock, origin);
    RunLeases leases = new RunLeases(connections, scripts, runLog);
    return new RedisRunStore(connections, runLog, leases, replica, tail, this::forget);
  }

  /** Nobody here has the store any more. */
  private void forget(RedisRunStore store) {
    boolean unused = runs.remove(store.terms().run(), store);
  }

  /** How many runs this JVM follows. */
  int attached() {
    return runs.size();
  }

  private RedisRunStore put(RedisRunStore store) {
    RedisRunStore before = runs.put(store.terms().run(), store);
    if (before != null) {
      before.supersede();
      before.close();
    }
    return store;
  }

  @Override
  public RunStore restore(RunTerms terms, long epoch, List<Change> changes) {
    RunReplica replica = RunReplica.of(terms);
    for (Change change : changes) {
      Change unused =
          replica.apply(new Delta.Changed(change.sequence(), change.at(), change.command()));
    }
    RunRestorer restorer = new RunRestorer(connections, scripts, terms, epoch);
    try {
      boolean unused = claim(terms);
      restorer.restore(replica, changes);
    } catch (RedisFailure e) {
      throw RunLog.unavailable(terms.run(), e);
    }
    RedisKeys keys = RedisKeys.of(terms.tenant(), terms.run());
    return put(store(keys, epoch, replica, restorer.tail(replica), RunLog.Origin.HERE));
  }

  @Override
  public Optional<RunStore> attach(RunId run) {
    RedisRunStore known = runs.get(run);
    if (known != null && !known.gone() && known.use()) {
      return Optional.of(known);
    }
    try {
      String tenant = read(RedisKeys.tenantOf(run));
      RedisKeys keys = RedisKeys.of(tenant == null ? TenantId.DEFAULT : TenantId.of(tenant), run);
      List<KeyValue<String, String>> found =
          connections.callOnce(
              "HMGET", () -> connections.commands().hmget(keys.control(), "epoch", "terms"));
      if (!found.get(0).hasValue() || !found.get(1).hasValue()) {
        return Optional.empty();
      }
      RunTerms terms = ((Delta.Opened) DeltaJson.read(run, 1, found.get(1).getValue())).terms();
      RedisRunStore store =
          store(
              keys,
              Long.parseLong(found.get(0).getValue()),
              RunReplica.of(terms),
              "",
              RunLog.Origin.ELSEWHERE);
      store.catchUp();
      return Optional.of(put(store));
    } catch (RedisFailure e) {
      throw RunLog.unavailable(run, e);
    }
  }

  @Override
  public void release(RunId run) {
    RedisRunStore store = runs.remove(run);
    if (store == null) {
      return;
    }
    store.close();
    try {
      store.finish();
    } catch (RedisFailure e) {
      log.debug("run {}: its keys stay for {}", run, connections.options().keep(), e);
    }
  }

  @Override
  public Duration leaseTtl() {
    return connections.options().leaseTtl();
  }

  /** Yes: calls wait for the server. */
  @Override
  public boolean remote() {
    return true;
  }

  /** Closes the connections within seconds; runs stay on the server. Idempotent. */
  @Override
  public void close() {
    runs.values().forEach(RedisRunStore::close);
    runs.clear();
    disconnect.run();
  }
}
