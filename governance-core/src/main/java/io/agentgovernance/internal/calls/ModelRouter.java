// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.internal.calls.Attempt.Tried;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gets a reply from the first route that gives one. Thread safe.
 *
 * <p>Each route is tried as often as the {@link RetryPolicy} says. A route that is open, or fails
 * other than by INVALID_REQUEST, REFUSED or ABORTED, is followed by the next: those three would be
 * the same anywhere. A request that is TOO_LONG for one model may fit into the next.
 *
 * <p>For its breaker, an attempt that ends with INVALID_REQUEST, TOO_LONG or REFUSED is a success:
 * the route answered. One that says nothing about the route is not reported: it was aborted, or ran
 * out of the agent's time before the route's own.
 */
public final class ModelRouter implements AutoCloseable {
  private final List<ModelRoute> routes;
  private final RetryPolicy retry;
  private final TimeSource time;
  private final Settlements settlements;
  private volatile String lastFailure = "";

  /**
   * Makes a router.
   *
   * @param routes in the order of preference; at least one
   */
  public ModelRouter(List<ModelRoute> routes, RetryPolicy retry, TimeSource time) {
    this.routes = List.copyOf(routes);
    this.retry = requireNonNull(retry, "retry");
    this.time = requireNonNull(time, "time");
    this.settlements = new Settlements(time);
    if (this.routes.isEmpty()) {
      throw new BadInputException(
          "model routes", "none", "at least one", "Configure a model, such as 'local:'");
    }
  }

  /** Returns the routes in the order of preference. */
  public List<ModelRoute> routes() {
    return routes;
  }

  /** Returns where to ask for the cost of calls whose end was not seen. */
  public Settlements settlements() {
    return settlements;
  }

  /** Ends the settlements; the models are their owners' to close. */
  @Override
  public void close() {
    settlements.close();
  }

  /**
   * Makes a call; blocks until there is a reply, all routes have failed, or the time is over.
   *
   * @throws ModelException the error of the last route tried; with kind ABORTED if the call was
   *     cancelled, or had no time left to try any
   * @throws RoutesOpenException if no route could be tried
   * @throws InterruptedException if the thread is interrupted by anybody but us
   */
  public RoutedReply call(RouteCall call) throws InterruptedException {
    return new Journey(requireNonNull(call, "call")).make();
  }

  private RoutesOpenException allOpen() {
    Duration soonest =
        routes.stream()
            .map(route -> route.breaker().untilProbe())
            .min(Comparator.naturalOrder())
            .orElse(Duration.ZERO);
    return new RoutesOpenException(
        routes.stream().map(ModelRoute::uri).toList(), soonest, lastFailure);
  }

  private static boolean staysHere(Kind kind) {
    return kind == Kind.INVALID_REQUEST || kind == Kind.REFUSED || kind == Kind.ABORTED;
  }

  /** Whether the route works, and it is the request that it does not take. */
  private static boolean answered(Kind kind) {
    return kind == Kind.INVALID_REQUEST || kind == Kind.TOO_LONG || kind == Kind.REFUSED;
  }

  /** One call on its way through the routes; confined to its thread. */
  private final class Journey {
    private final RouteCall call;
    private final List<String> notes = new ArrayList<>();
    private int attempts;
    private @Nullable ModelException last;

    Journey(RouteCall call) {
      this.call = call;
    }

    RoutedReply make() throws InterruptedException {
      for (ModelRoute route : routes) {
        if (call.cancelled() || call.remaining().isZero()) {
          break;
        }
        Tried tried = onRoute(route);
        if (tried.reply() != null) {
          return new RoutedReply(tried.reply(), route, attempts, notes);
        }
        if (tried.error() != null) {
          last = tried.error();
          notes.add(route.uri() + ": " + tried.error().kind());
          call.failedRoute(route, tried.error());
          if (staysHere(tried.error().kind())) {
            throw tried.error();
          }
        }
      }
      throw failure();
    }

    private RuntimeException failure() {
      if (call.cancelled()) {
        return Failures.aborted("the call was cancelled", last);
      } else if (last != null) {
        return last;
      } else if (call.remaining().isZero()) {
        return Failures.aborted("no time was left to try a model", null);
      }
      return allOpen();
    }

    private Tried onRoute(ModelRoute route) throws InterruptedException {
      ModelException error = null;
      for (int attempt = 1; ; attempt++) {
        Optional<Breaker.Permit> permit = route.breaker().tryAcquire();
        if (permit.isEmpty()) {
          notes.add(route.uri() + ": open for " + route.breaker().untilProbe());
          return new Tried(null, error);
        }
        Tried tried = attempt(route, permit.get(), attempt);
        error = tried.error();
        if (error == null) {
          return tried;
        }
        Optional<Duration> pause = retry.pause(attempt, error, call.remaining());
        if (pause.isEmpty()) {
          return tried;
        }
        call.retrying(route, error);
        if (!call.pause(pause.get()) || call.cancelled()) {
          return new Tried(null, Failures.aborted("the call was cancelled", error));
        }
        if (call.remaining().isZero()) {
          return tried;
        }
      }
    }

    private Tried attempt(ModelRoute route, Breaker.Permit permit, int number)
        throws InterruptedException {
      try {
        call.beforeAttempt(route, number);
        var attempt = new Attempt(route, call, number, time);
        attempts++;
        Tried tried = attempt.make();
        report(permit, tried.error(), attempt);
        return tried;
      } finally {
        permit.cancel(); // does nothing if there was something to report
      }
    }

    private void report(Breaker.Permit permit, @Nullable ModelException error, Attempt attempt) {
      if (error == null || answered(error.kind())) {
        permit.success();
      } else if (error.kind() != Kind.ABORTED && !attempt.cutShort(error)) {
        lastFailure = String.valueOf(error.getMessage());
        permit.failure(error);
      }
    }
  }
}
