// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.ledger.Anchor;
import io.agentgovernance.secret.Log;
import io.agentgovernance.time.TimeSource;
import io.agentgovernance.time.TimeSource.Timer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Signs the end of the chain from time to time. It signs only what its writer wrote or found when
 * it opened the file, never what somebody put there since.
 *
 * <p>For the writer's thread, but for {@link #request}.
 */
final class AnchorMaker {
  private static final Log log = Log.of(AnchorMaker.class);

  private final LedgerPath path;
  private final LedgerSchema.Identity identity;
  private final AnchorKey key;
  private final AnchorLog file;
  private final @Nullable SinkPump sink;
  private final int every;
  private final Duration interval;
  private final TimeSource time;
  private final Runnable wakeWriter;
  private final ConcurrentLinkedQueue<CompletableFuture<Head>> requests =
      new ConcurrentLinkedQueue<>();

  private volatile boolean due;
  private @Nullable Timer timer;
  private long anchored;
  private boolean failing;

  AnchorMaker(
      LedgerPath path,
      LedgerSchema.Identity identity,
      AnchorKey key,
      AnchorLog file,
      @Nullable SinkPump sink,
      LedgerSettings settings,
      long anchored,
      Runnable wakeWriter) {
    this.path = path;
    this.identity = identity;
    this.key = key;
    this.file = file;
    this.sink = sink;
    this.every = settings.anchorEvery();
    this.interval = settings.anchorInterval();
    this.time = settings.time();
    this.anchored = anchored;
    this.wakeWriter = wakeWriter;
  }

  /** Asks for an anchor now; completes with the end of the chain as the writer knows it. */
  CompletableFuture<Head> request() {
    var request = new CompletableFuture<Head>();
    requests.add(request);
    wakeWriter.run();
    return request;
  }

  void anchorIfDue(Head head) {
    var asked = new ArrayList<CompletableFuture<Head>>();
    for (var next = requests.poll(); next != null; next = requests.poll()) {
      asked.add(next);
    }
    if (due || !asked.isEmpty() || (!failing && head.sequence() - anchored >= every)) {
      anchor(head);
    }
    if (head.sequence() > anchored && timer == null) {
      timer = time.schedule(interval, this::becomeDue);
    }
    asked.forEach(request -> request.complete(head));
  }

  private void becomeDue() {
    due = true;
    wakeWriter.run();
  }

  /**
   * Signs this end of the chain, if it is not signed yet. A failure is logged; the next one covers
   * it.
   */
  void anchor(Head head) {
    due = false;
    Timer running = timer;
    timer = null;
    if (running != null) {
      running.cancel();
    }
    if (head.sequence() <= anchored) {
      return;
    }
    try {
      Anchor anchor = sign(head);
      if (sink != null) {
        sink.offer(anchor);
      }
      file.append(anchor);
      anchored = head.sequence();
      failing = false;
    } catch (IOException | GeneralSecurityException e) {
      // Tried again after the interval, not after every batch.
      failing = true;
      log.warn("ledger {}: could not anchor {}; the next anchor will cover it", path, head, e);
    }
  }

  /** Signs an end of the chain that was shown to be this ledger's. */
  Anchor sign(Head head) throws GeneralSecurityException {
    return key.sign(
        Anchor.of(identity.id(), head.sequence(), head.hash(), time.now(), identity.epoch()));
  }
}
