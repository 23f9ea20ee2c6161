// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * How agent threads are made, and how many there may be at once.
 *
 * <p>A run is admitted when its whole team can have threads, so the number bounds the runs that go
 * on at the same time; further ones queue. Immutable and thread safe; makes no thread itself. One
 * instance may serve many orchestrators, each of which then has its own threads, except that those
 * given the same {@link #executor} share it.
 */
public final class Workers {

  /** How many platform threads there may be where virtual ones are not available. */
  public static final int DEFAULT_PLATFORM_THREADS = 64;

  /** How many virtual threads there may be. They are cheap, yet nothing grows without bound. */
  public static final int DEFAULT_VIRTUAL_THREADS = 100_000;

  /** What an agent runs on. */
  public enum Kind {
    /** A new virtual thread per agent, named {@code governance-agent-<n>}. JDK 21 and newer. */
    VIRTUAL,
    /** A pooled daemon thread named {@code governance-agent-<n>}; ends after 30 idle seconds. */
    PLATFORM,
    /** Whatever the host's executor provides. */
    EXECUTOR
  }

  private final Kind kind;
  private final int maxThreads;
  private final Executor executor;

  private Workers(Kind kind, int maxThreads, Executor executor) {
    if (maxThreads < 1) {
      throw new BadInputException(
          "maxThreads of Workers",
          String.valueOf(maxThreads),
          "at least 1",
          "Give a run one thread per agent, one for a mediator and one for itself");
    }
    this.kind = kind;
    this.maxThreads = maxThreads;
    this.executor = executor;
  }

  /**
   * Takes virtual threads, at most {@value #DEFAULT_VIRTUAL_THREADS} at once, if this JDK has them
   * (21 and newer); else as {@link #platform} with {@value #DEFAULT_PLATFORM_THREADS}. The default.
   */
  public static Workers virtualIfAvailable() {
    return VirtualThreads.available()
        ? new Workers(Kind.VIRTUAL, DEFAULT_VIRTUAL_THREADS, Runnable::run)
        : platform(DEFAULT_PLATFORM_THREADS);
  }

  /**
   * Takes platform threads from a pool that grows as needed.
   *
   * @param maxThreads how many agents may be at work at once
   * @throws BadInputException if {@code maxThreads} is less than 1
   */
  public static Workers platform(int maxThreads) {
    return new Workers(Kind.PLATFORM, maxThreads, Runnable::run);
  }

  /**
   * Takes the threads of an executor, which stays the host's to close. It must run tasks on threads
   * of its own, never on the caller's, and should have {@code maxThreads} of them to spare: agents
   * wait for each other.
   *
   * @param maxThreads how many agents may be at work at once
   * @throws BadInputException if {@code maxThreads} is less than 1
   */
  public static Workers executor(Executor executor, int maxThreads) {
    return new Workers(Kind.EXECUTOR, maxThreads, requireNonNull(executor, "executor"));
  }

  /** Returns what agents run on. */
  public Kind kind() {
    return kind;
  }

  /** Returns how many agents may be at work at once, over all runs of one orchestrator. */
  public int maxThreads() {
    return maxThreads;
  }

  /** Makes a crew of such threads: a new one each time, started as tasks come. */
  public Crew open() {
    return switch (kind) {
      case VIRTUAL -> new VirtualCrew();
      case PLATFORM -> new PlatformCrew();
      case EXECUTOR -> executor::execute;
    };
  }

  /** Says the kind and the limit. */
  @Override
  public String toString() {
    return "Workers[" + kind + ", maxThreads=" + maxThreads + "]";
  }

  /**
   * Threads in use. Thread safe. The limit of {@link Workers#maxThreads()} is kept by who gives the
   * crew its tasks.
   */
  public interface Crew extends AutoCloseable {

    /**
     * Runs a task on one of the threads, without waiting for it.
     *
     * @throws RejectedExecutionException if closed, or if a host's executor refuses
     */
    void execute(Runnable task);

    /**
     * Takes no further task. Does not wait: threads end with the task they have. A host's executor
     * is left as it is. Further calls do nothing.
     */
    @Override
    default void close() {}
  }
}
