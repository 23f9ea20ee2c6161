// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.core.RunId;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.CoordinationUnavailableException;
import io.agentgovernance.spi.RunStore;
import io.agentgovernance.time.TimeSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * How one node sees a coordination store that several share: its leases run out, its calls may wait
 * and fail, and it announces changes on a thread of its own. Made from a store in memory, which all
 * nodes of a test share.
 */
final class SharedCoordination implements Coordination {
  static final Duration TTL = Duration.ofSeconds(10);

  /** What becomes of the renewals of this node. */
  enum Renewals {
    WORK,
    FAIL,
    REFUSED
  }

  /** A command of this node: when, on which thread, and whether it took effect. */
  record Sent(Command<?> command, long ticks, String thread, Applied<?> applied) {}

  private final Coordination real;
  private final TimeSource time;
  private final Duration ttl;
  private final ExecutorService delivery =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "store-delivery");
            thread.setDaemon(true);
            return thread;
          });

  /** Until when the store grants each lease, by resource. */
  private final Map<String, Long> granted = new ConcurrentHashMap<>();

  private final AtomicInteger open = new AtomicInteger();
  private final List<Sent> sent = new CopyOnWriteArrayList<>();
  private volatile Renewals renewals = Renewals.WORK;
  private volatile boolean cut;
  private volatile Duration told;
  private volatile String awaited = "";
  private volatile Runnable whenSpawned = () -> {};
  private volatile CountDownLatch goodbye = new CountDownLatch(0);
  private final CompletableFuture<Boolean> goodbyeBegun = new CompletableFuture<>();
  private final AtomicInteger goodbyes = new AtomicInteger();

  SharedCoordination(Coordination real, TimeSource time) {
    this(real, time, TTL);
  }

  SharedCoordination(Coordination real, TimeSource time, Duration ttl) {
    this.real = real;
    this.time = time;
    this.ttl = ttl;
    this.told = ttl;
  }

  /** Says from now on that its leases last for ever, so that nobody looks after them. */
  SharedCoordination unwatched() {
    told = Duration.ofDays(40_000);
    return this;
  }

  /** The same store, as another node sees it. */
  SharedCoordination another() {
    return new SharedCoordination(real, time, ttl);
  }

  void renewals(Renewals from) {
    renewals = from;
  }

  /** From now on nothing of this node reaches the store, and it hears of nothing. */
  void cut() {
    cut = true;
  }

  void heal() {
    cut = false;
  }

  /** Does something when the store has an agent, before whoever spawned it goes on. */
  void whenSpawned(String role, Runnable then) {
    whenSpawned = then;
    awaited = role;
  }

  /** Waits until this node has heard of all that is in the store. */
  void awaitDelivery() {
    CompletableFuture.runAsync(() -> {}, delivery).orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** From now on this node does not come to an end when it lets go of a run. */
  void holdGoodbyes() {
    goodbye = new CountDownLatch(1);
  }

  /** Has that come to an end. */
  void letGoodbyesEnd() {
    goodbye.countDown();
  }

  /** Waits until this node begins to let go of a run. */
  void awaitGoodbye() {
    boolean unused = goodbyeBegun.copy().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** How many runs this node has let go of. */
  int goodbyes() {
    return goodbyes.get();
  }

  /** When the store lets the first of the leases of this node run out. */
  long firstEnd() {
    return granted.values().stream().mapToLong(Long::longValue).min().orElseThrow();
  }

  List<Sent> sent() {
    return List.copyOf(sent);
  }

  @Override
  public Optional<RunStore> create(RunTerms terms) {
    reach();
    return real.create(terms).map(this::seen);
  }

  @Override
  public RunStore restore(RunTerms terms, long epoch, List<Change> changes) {
    reach();
    return seen(real.restore(terms, epoch, changes));
  }

  @Override
  public Optional<RunStore> attach(RunId run) {
    reach();
    return real.attach(run).map(this::seen);
  }

  private void reach() {
    if (cut) {
      throw new CoordinationUnavailableException("cut off", null);
    }
  }

  /** How many stores this node was given and has not let go of, as those do that ended well. */
  int open() {
    return open.get();
  }

  private RunStore seen(RunStore store) {
    open.incrementAndGet();
    return (RunStore)
        Proxy.newProxyInstance(
            RunStore.class.getClassLoader(),
            new Class<?>[] {RunStore.class},
            (proxy, method, args) -> call(store, method, args));
  }

  private Object call(RunStore store, Method method, Object[] args) throws Throwable {
    String name = method.getName();
    if (name.equals("follow")) {
      @SuppressWarnings("unchecked")
      Consumer<Change> listener = (Consumer<Change>) args[0];
      return store.follow(change -> deliver(listener, change));
    } else if (name.equals("terms")) {
      return store.terms();
    } else if (name.equals("detach")) {
      open.decrementAndGet();
      return null;
    } else if (name.equals("acquire")) {
      args[2] = ttl;
    } else if (name.equals("renew") && renewals != Renewals.WORK) {
      if (renewals == Renewals.FAIL) {
        throw new CoordinationUnavailableException("injected: renewals fail", null);
      }
      return false;
    }
    reach();
    long now = time.ticks();
    Object result;
    try {
      result = method.invoke(store, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    if (name.equals("apply")) {
      String thread = Thread.currentThread().getName();
      sent.add(new Sent((Command<?>) args[0], now, thread, (Applied<?>) result));
      if (args[0] instanceof Command.Spawn spawn && spawn.role().name().equals(awaited)) {
        whenSpawned.run();
      }
    } else if (name.equals("acquire") && ((Optional<?>) result).isPresent()) {
      granted.put((String) args[0], now + ttl.toNanos());
    } else if (name.equals("renew") && (boolean) result) {
      granted.put(((Lease) args[0]).resource(), now + ttl.toNanos());
    }
    return result;
  }

  private void deliver(Consumer<Change> listener, Change change) {
    time.taskStarted();
    delivery.execute(
        () -> {
          try {
            if (!cut) {
              listener.accept(change);
            }
          } finally {
            time.taskEnded();
          }
        });
  }

  @Override
  public void release(RunId run) {
    boolean unused = goodbyeBegun.complete(true);
    try {
      assertThat(goodbye.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!cut) {
      real.release(run);
    }
    goodbyes.incrementAndGet();
  }

  @Override
  public Duration leaseTtl() {
    return told;
  }

  @Override
  public boolean remote() {
    return true;
  }

  @Override
  public void close() {
    // the nodes of a test share it
  }
}
