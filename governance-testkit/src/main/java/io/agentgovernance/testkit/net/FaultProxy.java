// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.net;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes TCP connections on to a port of this machine, until it is told to spoil them.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(redis.port())) {
 *   … connect to proxy.port() …
 *   proxy.cutNextResponse();
 * }
 * }</pre>
 *
 * <p>Thread safe. Its threads are daemons, two for each connection.
 */
public final class FaultProxy implements AutoCloseable {
  private final int target;
  private final ServerSocket listening;
  private final FaultPlan plan = new FaultPlan();
  private final Set<FaultLink> links = ConcurrentHashMap.newKeySet();

  private FaultProxy(int target, ServerSocket listening) {
    this.target = target;
    this.listening = listening;
  }

  /**
   * Starts one on a free port of the loopback interface.
   *
   * @param target the port to pass on to, on the loopback interface
   */
  public static FaultProxy to(int target) {
    try {
      var proxy = new FaultProxy(target, new ServerSocket(0, 1_000, loopback()));
      FaultLink.start("fault-proxy-" + proxy.port(), proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy cannot listen", e);
    }
  }

  /**
   * Starts one that speaks TLS to whoever connects, and none to the target.
   *
   * @param target the port to pass on to, on the loopback interface
   * @param certificate who it says it is; see {@link TestCertificate}
   */
  public static FaultProxy tls(int target, TestCertificate certificate) {
    try {
      var proxy = new FaultProxy(target, certificate.listen());
      FaultLink.start("fault-proxy-" + proxy.port(), proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy cannot listen", e);
    }
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (plan.refusing()) {
          client.close();
        } else {
          connect(client);
        }
      } catch (IOException e) {
        if (listening.isClosed()) {
          return;
        }
      }
    }
  }

  private void connect(Socket client) throws IOException {
    var server = new Socket();
    var link = new FaultLink(client, server, plan, links::remove);
    links.add(link);
    try {
      server.connect(new InetSocketAddress(loopback(), target), 2_000);
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
    } catch (IOException e) { // as the target would do
      link.close();
      throw e;
    }
    link.start();
  }

  /** Returns the port to connect to. */
  public int port() {
    return listening.getLocalPort();
  }

  /** Returns how many connections there are. */
  public int connections() {
    return links.size();
  }

  /** Ends all connections there are. New ones are passed on. */
  public void cut() {
    links.forEach(FaultLink::close);
  }

  /** Ends all connections, and new ones too, until {@link #heal}. */
  public void refuse() {
    plan.refuse();
    cut();
  }

  /**
   * Lets nothing pass in either direction until {@link #heal}, as a network does that loses every
   * packet; then what was sent meanwhile arrives. Connections stay, and new ones can be made.
   */
  public void hold() {
    plan.hold();
  }

  /** Has whatever comes from the target arrive so much later, until {@link #heal}. */
  public void delay(Duration delay) {
    plan.delay(requireNonNull(delay, "delay"));
  }

  /** Passes the next request on and ends its connection when the answer comes. */
  public void cutNextResponse() {
    plan.cutAnswerTo("");
  }

  /**
   * Passes the next request on that contains a text, and ends its connection when the answer comes.
   * Several calls cut the answers of several requests, in their order.
   */
  public void cutNextResponseTo(String text) {
    plan.cutAnswerTo(requireNonNull(text, "text"));
  }

  /** Returns how many answers were cut. */
  public long cutResponses() {
    return plan.cutAnswers();
  }

  /** Passes everything on again; answers that are still to be cut are not. */
  public void heal() {
    plan.heal();
  }

  /** Ends all connections and listens no more. Idempotent. */
  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the proxy cannot be closed", e);
    } finally {
      plan.heal();
      cut();
    }
  }
}
