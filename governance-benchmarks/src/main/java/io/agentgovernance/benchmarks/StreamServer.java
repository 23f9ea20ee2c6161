// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A server on this machine that sends the same bytes for every request, or one piece of a stream
 * that never ends until the client goes away. As little as possible, so that clients are measured.
 */
final class StreamServer implements AutoCloseable {
  private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";

  private final ServerSocket server;
  private final byte[] body;
  private final LinkedBlockingQueue<Long> closings = new LinkedBlockingQueue<>();
  private volatile boolean endless;

  StreamServer(int chunks) {
    body = stream(chunks).getBytes(UTF_8);
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  private static String stream(int chunks) {
    StringBuilder text = new StringBuilder(": OPENROUTER PROCESSING\n\n");
    for (int i = 0; i < chunks; i++) {
      text.append(chunk(" token" + i));
    }
    return text
        + "data: {\"id\":\"gen-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}],"
        + "\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":"
        + chunks
        + ",\"cost\":0.01}}\n\ndata: [DONE]\n\n";
  }

  private static String chunk(String text) {
    return "data: {\"id\":\"gen-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
        + "\"model\":\"vendor/model\",\"provider\":\"P\",\"choices\":[{\"index\":0,\"delta\":"
        + "{\"role\":\"assistant\",\"content\":\""
        + text
        + "\"},\"finish_reason\":null,\"native_finish_reason\":null}]}\n\n";
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
  }

  /** From now on a reply is one chunk, and then nothing until the client closes. */
  void neverEnd() {
    endless = true;
  }

  /** When a client closed, in nanoseconds of this JVM. */
  long awaitClosed() throws InterruptedException {
    return closings.take();
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "stream-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        start(() -> serve(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (readRequest(in)) {
        if (endless) {
          out.write((HEAD + "\r\n" + chunk("first")).getBytes(UTF_8));
          out.flush();
          noteClosed(in);
          return;
        }
        out.write((HEAD + "Content-Length: " + body.length + "\r\n\r\n").getBytes(UTF_8));
        out.write(body);
        out.flush();
      }
    } catch (IOException e) {
      // the client went away
    }
  }

  private void noteClosed(InputStream in) {
    try {
      int unused = in.read();
    } catch (IOException e) {
      // a reset is a close
    }
    closings.add(System.nanoTime());
  }

  private static boolean readRequest(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int length = 0;
    boolean any = false;
    for (int b = in.read(); b >= 0; b = in.read()) {
      any = true;
      if (b != '\n') {
        line.append((char) b);
        continue;
      }
      String header = new String(line.toString().getBytes(ISO_8859_1), ISO_8859_1).strip();
      line.setLength(0);
      if (header.isEmpty()) {
        return in.readNBytes(length).length == length;
      }
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
      }
    }
    return any && length < 0;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
