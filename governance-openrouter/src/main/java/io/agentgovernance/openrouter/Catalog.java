// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The server's list of models, read when a price is first needed and again when it is old. Thread
 * safe: one thread reads, the others wait for it. A list that cannot be read is asked for again
 * after a while; an older one is used meanwhile.
 */
final class Catalog {
  /** Reads the list. */
  @FunctionalInterface
  interface Source {
    List<ModelInfo> read() throws InterruptedException;
  }

  private static final Log log = Log.of(Catalog.class);
  private static final Duration FRESH = Duration.ofHours(1);
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
  private static final int WARN_DAYS = 30;

  private final Source source;
  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> warned = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Listing listing;

  private record Listing(Map<String, ModelInfo> models, long until) {}

  Catalog(Source source, TimeSource time) {
    this.source = source;
    this.time = time;
  }

  /**
   * Returns the most a token of any of these models costs; empty if one is not known. An interrupt
   * stays set and gives up.
   */
  Optional<ModelPricing> pricing(List<String> models) {
    Map<String, ModelInfo> known = models();
    ModelPricing most = null;
    for (String model : models) {
      ModelInfo info = find(known, model);
      if (info == null || info.pricing().isEmpty()) {
        return Optional.empty();
      }
      ModelPricing price = info.pricing().get();
      warnOfEnd(info);
      most = most == null ? price : dearer(most, price);
    }
    return Optional.ofNullable(most);
  }

  /** Variants such as {@code :nitro} are priced as the model if they are not in the list. */
  private static @Nullable ModelInfo find(Map<String, ModelInfo> known, String model) {
    ModelInfo exact = known.get(model);
    int variant = model.lastIndexOf(':');
    return exact != null || variant < 0 ? exact : known.get(model.substring(0, variant));
  }

  private static ModelPricing dearer(ModelPricing one, ModelPricing other) {
    return new ModelPricing(
        max(one.promptPerToken(), other.promptPerToken()),
        max(one.completionPerToken(), other.completionPerToken()),
        max(one.perCall(), other.perCall()));
  }

  private static BigDecimal max(BigDecimal one, BigDecimal other) {
    return one.max(other);
  }

  private void warnOfEnd(ModelInfo info) {
    LocalDate end = info.expirationDate().orElse(null);
    LocalDate today = LocalDate.ofInstant(time.now(), ZoneOffset.UTC);
    if (end != null && end.isBefore(today.plusDays(WARN_DAYS)) && warned.add(info.id())) {
      log.warn("model {} is retired on {}; choose another in time", info.id(), end);
    }
  }

  private Map<String, ModelInfo> models() {
    Listing current = listing;
    if (current != null && time.ticks() - current.until() < 0) {
      return current.models();
    }
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return current == null ? Map.of() : current.models();
    }
    try {
      Listing newer = listing;
      return newer != null && time.ticks() - newer.until() < 0 ? newer.models() : read(newer);
    } finally {
      lock.unlock();
    }
  }

  private Map<String, ModelInfo> read(@Nullable Listing older) {
    Map<String, ModelInfo> models = new HashMap<>();
    Duration fresh = FRESH;
    try {
      for (ModelInfo model : source.read()) {
        models.put(model.id(), model);
      }
    } catch (ModelException e) {
      log.warn("the list of models could not be read, so prices are not known: {}", e.getMessage());
      models = older == null ? Map.of() : older.models();
      fresh = AFTER_FAILURE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return older == null ? Map.of() : older.models();
    }
    listing = new Listing(Map.copyOf(models), time.ticks() + fresh.toNanos());
    return models;
  }
}
