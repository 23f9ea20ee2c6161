// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ServerSocketFactory;
import mockwebserver3.MockWebServer;

/** Servers that send at once, so that tests do not wait for delayed acknowledgements. */
final class Servers {
  private Servers() {}

  static MockWebServer prompt() {
    MockWebServer server = new MockWebServer();
    server.setServerSocketFactory(new PromptServerSockets());
    return server;
  }

  private static final class PromptServerSockets extends ServerSocketFactory {
    @Override
    public ServerSocket createServerSocket() {
      try {
        return new ServerSocket() {
          @Override
          public Socket accept() throws IOException {
            Socket socket = super.accept();
            socket.setTcpNoDelay(true);
            return socket;
          }
        };
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public ServerSocket createServerSocket(int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog) {
      throw new UnsupportedOperationException();
    }

    @Override
    public ServerSocket createServerSocket(int port, int backlog, InetAddress address) {
      throw new UnsupportedOperationException();
    }
  }
}
