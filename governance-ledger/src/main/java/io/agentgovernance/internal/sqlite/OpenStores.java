// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.sqlite;

import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process has open, by real path, each counted and closed by the last who leaves. One
 * file is opened and closed without waiting for others. Thread safe.
 *
 * @param <S> what is open
 */
public final class OpenStores<S> {
  private final ConcurrentHashMap<Path, Place<S>> places = new ConcurrentHashMap<>();

  private static final class Place<S> {
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private @Nullable S store;
    private int users;
    private boolean left;
  }

  /** Makes one with nothing open. */
  public OpenStores() {}

  /**
   * Opens a file, or joins those who have it open.
   *
   * @param opening opens it
   * @param joining refuses, by throwing, to share what is open
   */
  public S open(Path file, Supplier<S> opening, Consumer<S> joining) {
    while (true) {
      Place<S> place = places.computeIfAbsent(file, unused -> new Place<>());
      place.lock.lock();
      try {
        if (!place.left) {
          return enter(place, opening, joining);
        }
      } finally {
        forgetIfUnused(file, place);
        place.lock.unlock();
      }
    }
  }

  private S enter(Place<S> place, Supplier<S> opening, Consumer<S> joining) {
    S store = place.store;
    if (store == null) {
      store = opening.get();
      place.store = store;
    } else {
      joining.accept(store);
    }
    place.users++;
    return store;
  }

  private void forgetIfUnused(Path file, Place<S> place) {
    if (place.users == 0) {
      place.left = true;
      places.remove(file, place);
    }
  }

  /**
   * Leaves a file.
   *
   * @param closing closes it, if nobody else has it open
   */
  public void leave(Path file, Consumer<S> closing) {
    Place<S> place = places.get(file);
    if (place == null) {
      return;
    }
    place.lock.lock();
    try {
      place.users--;
      S store = place.store;
      if (place.users == 0 && store != null) {
        closing.accept(store);
      }
    } finally {
      forgetIfUnused(file, place);
      place.lock.unlock();
    }
  }
}
