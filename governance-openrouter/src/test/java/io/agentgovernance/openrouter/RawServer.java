// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server that misbehaves as a test says: it has the socket in its hands. What is not a POST, such
 * as a question for prices or costs, is answered with 404 and does not count.
 */
final class RawServer implements AutoCloseable {
  static final String SSE_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Generation-Id: gen-1\r\n\r\n";

  private static final String NOT_FOUND =
      "HTTP/1.1 404 X\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

  /** What to do with a connection whose request has been read. */
  @FunctionalInterface
  interface Behaviour {
    void serve(Socket socket, OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final @Nullable Supplier<SSLSocketFactory> certificates;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch closedByClient = new CountDownLatch(1);
  private volatile long closedAt;

  private RawServer(Behaviour behaviour, @Nullable Supplier<SSLSocketFactory> certificates) {
    this.certificates = certificates;
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread acceptor = new Thread(() -> accept(behaviour), "raw-server");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  static RawServer that(Behaviour behaviour) {
    return new RawServer(behaviour, null);
  }

  /** The same over TLS, with a certificate that is chosen for each connection. */
  static RawServer secured(Supplier<SSLSocketFactory> certificates, Behaviour behaviour) {
    return new RawServer(behaviour, certificates);
  }

  String url() {
    String scheme = certificates == null ? "http" : "https";
    return scheme + "://127.0.0.1:" + server.getLocalPort() + "/api/v1";
  }

  int connections() {
    return connections.get();
  }

  int requests() {
    return requests.get();
  }

  /** Waits until a client has closed its connection in the middle of a response. */
  boolean awaitClosedByClient() throws InterruptedException {
    return closedByClient.await(20, TimeUnit.SECONDS);
  }

  long closedAtNanos() {
    return closedAt;
  }

  /** Reads until the client closes; for behaviours. */
  void untilClosed(Socket socket) {
    try {
      int read = socket.getInputStream().read();
      if (read >= 0) {
        throw new IllegalStateException("more than one request");
      }
    } catch (IOException e) {
      // closed with a reset: closed all the same
    }
    closedAt = System.nanoTime();
    closedByClient.countDown();
  }

  private void accept(Behaviour behaviour) {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        Thread worker = new Thread(() -> serve(socket, behaviour), "raw-server-connection");
        worker.setDaemon(true);
        worker.start();
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private Socket layered(Socket accepted) throws IOException {
    if (certificates == null) {
      return accepted;
    }
    SSLSocket secured = (SSLSocket) certificates.get().createSocket(accepted, "127.0.0.1", 0, true);
    secured.setUseClientMode(false);
    return secured;
  }

  private void serve(Socket accepted, Behaviour behaviour) {
    connections.incrementAndGet();
    try (accepted;
        Socket socket = layered(accepted)) {
      String method = readRequest(socket.getInputStream());
      if (method.equals("POST")) {
        requests.incrementAndGet();
        behaviour.serve(socket, socket.getOutputStream());
      } else if (!method.isEmpty()) {
        write(socket.getOutputStream(), NOT_FOUND);
      }
    } catch (IOException e) {
      // the client went away
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the method; empty if the request did not come to its end. */
  private static String readRequest(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int b = in.read();
      if (b < 0) {
        return "";
      }
      head.write(b);
    }
    int length = 0;
    for (String line : head.toString(StandardCharsets.ISO_8859_1).split("\r\n", -1)) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
      }
    }
    String all = head.toString(StandardCharsets.ISO_8859_1);
    return in.readNBytes(length).length == length ? all.substring(0, all.indexOf(' ')) : "";
  }

  static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  static String chunk(String text) {
    return "data: {\"id\":\"gen-1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + text
        + "\"},\"finish_reason\":null}]}\n\n";
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
