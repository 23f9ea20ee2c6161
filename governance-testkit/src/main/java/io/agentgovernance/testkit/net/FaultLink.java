// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.function.Consumer;

/** One connection that is passed on. Thread safe. */
final class FaultLink {
  private static final int BUFFER = 64 * 1024;

  private final Socket client;
  private final Socket server;
  private final FaultPlan plan;
  private final Consumer<FaultLink> ended;
  private volatile boolean cutting;

  FaultLink(Socket client, Socket server, FaultPlan plan, Consumer<FaultLink> ended) {
    this.client = client;
    this.server = server;
    this.plan = plan;
    this.ended = ended;
  }

  void start() {
    start("fault-proxy-requests", () -> pump(client, server, this::request));
    start("fault-proxy-answers", () -> pump(server, client, this::answer));
  }

  static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Says whether something is to be passed on; may wait. */
  private interface Gate {
    boolean pass(byte[] bytes, int length) throws InterruptedException;
  }

  private void pump(Socket from, Socket to, Gate gate) {
    byte[] bytes = new byte[BUFFER];
    try {
      InputStream in = from.getInputStream();
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        plan.awaitPassage();
        if (!gate.pass(bytes, read)) {
          return;
        }
        to.getOutputStream().write(bytes, 0, read);
      }
    } catch (IOException e) {
      // one side has ended; the other side ends now
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      close();
    }
  }

  private boolean request(byte[] bytes, int length) {
    if (!cutting && plan.cuts(bytes, length)) {
      cutting = true; // before the target can answer
    }
    return true;
  }

  private boolean answer(byte[] bytes, int length) throws InterruptedException {
    if (cutting) {
      plan.answerWasCut();
      return false;
    }
    plan.awaitDelay();
    plan.awaitPassage();
    return true;
  }

  void close() {
    ended.accept(this);
    closeQuietly(client);
    closeQuietly(server);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }
}
