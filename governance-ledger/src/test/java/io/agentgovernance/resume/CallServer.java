// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.resume;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Stands for a model's provider: counts the calls that reach it, and lets them go on. */
final class CallServer implements AutoCloseable {
  private final ServerSocket socket;
  private final Map<String, Integer> calls = new LinkedHashMap<>();
  private final Map<String, String> latest = new HashMap<>();
  private final Map<String, Integer> deaths = new HashMap<>();
  private IntConsumer arrived = number -> {};
  private IntConsumer answered = number -> {};
  private int number;

  CallServer() throws IOException {
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var thread = new Thread(this::serve, "calls");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return socket.getLocalPort();
  }

  /** Has something done when a call arrives, and when it was answered, by the call's number. */
  synchronized void on(IntConsumer whenArrived, IntConsumer whenAnswered) {
    arrived = whenArrived;
    answered = whenAnswered;
    number = 0;
  }

  private void serve() {
    while (true) {
      try {
        Socket connection = socket.accept();
        var thread = new Thread(() -> answer(connection), "call");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(Socket connection) {
    try (connection;
        var in =
            new BufferedReader(
                new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        var out = new PrintStream(connection.getOutputStream(), true, StandardCharsets.UTF_8)) {
      @Nullable String call = in.readLine();
      if (call == null) {
        return;
      }
      int mine = count(call);
      arrived.accept(mine);
      out.println("go");
      answered.accept(mine);
    } catch (IOException e) {
      // the process died
    }
  }

  private synchronized int count(String call) {
    calls.merge(call, 1, Integer::sum);
    latest.put(call.substring(0, call.indexOf(' ')), call);
    return ++number;
  }

  /** The process died: the latest call of each agent may be made once more, and no other. */
  synchronized void died() {
    latest.values().forEach(call -> deaths.merge(call, 1, Integer::sum));
    latest.clear();
  }

  /** Calls that were made more often than a death excuses. */
  synchronized Map<String, Integer> repeated() {
    var repeated = new TreeMap<String, Integer>();
    calls.forEach(
        (call, times) -> {
          if (times > 1 + deaths.getOrDefault(call, 0)) {
            repeated.put(call, times);
          }
        });
    return repeated;
  }

  /** How many different calls there were. */
  synchronized int different() {
    return calls.size();
  }

  /** How many calls there were. */
  synchronized int total() {
    return calls.values().stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
