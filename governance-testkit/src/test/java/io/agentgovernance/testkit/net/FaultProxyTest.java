// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FaultProxyTest {
  private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
  private ServerSocket target;
  private FaultProxy proxy;

  @BeforeEach
  void listen() throws IOException {
    target = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    FaultLink.start("echo", this::echo);
    proxy = FaultProxy.to(target.getLocalPort());
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    proxy.close(); // once more is no mistake
    target.close();
  }

  private void echo() {
    while (!target.isClosed()) {
      try {
        Socket socket = target.accept();
        FaultLink.start("echo-connection", () -> echo(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void echo(Socket socket) {
    try (socket;
        var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        requests.add(line);
        socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
      }
    } catch (IOException e) {
      // the other side has ended
    }
  }

  private final class Client implements AutoCloseable {
    private final Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    private final BufferedReader lines =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));

    Client() throws IOException {}

    void send(String line) throws IOException {
      socket.getOutputStream().write((line + "\n").getBytes(UTF_8));
    }

    String ask(String line) throws IOException {
      send(line);
      return lines.readLine();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static void endsOn(Client client, String line) {
    try {
      assertThat(client.ask(line)).isNull();
    } catch (IOException e) {
      assertThat(e).isNotNull(); // reset, which is an end too
    }
  }

  @Test
  void passesEverythingOn() throws Exception {
    try (var client = new Client()) {
      assertThat(client.ask("one")).isEqualTo("one");
      assertThat(client.ask("two")).isEqualTo("two");
      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  @Test
  void cutsTheAnswerToARequestThatArrived() throws Exception {
    try (var client = new Client()) {
      proxy.cutNextResponseTo("wanted");

      assertThat(client.ask("other")).isEqualTo("other");
      endsOn(client, "wanted");

      assertThat(requests).containsExactly("other", "wanted");
      assertThat(proxy.cutResponses()).isEqualTo(1);
    }
    try (var client = new Client()) {
      assertThat(client.ask("wanted")).isEqualTo("wanted");
      proxy.cutNextResponse();
      endsOn(client, "any");
    }
    assertThat(proxy.cutResponses()).isEqualTo(2);
  }

  @Test
  void cutsConnectionsAndLetsNewOnesIn() throws Exception {
    try (var first = new Client()) {
      assertThat(first.ask("one")).isEqualTo("one");
      proxy.cut();
      endsOn(first, "two");
    }
    try (var second = new Client()) {
      assertThat(second.ask("three")).isEqualTo("three");
    }
  }

  @Test
  void refusesUntilItIsHealed() throws Exception {
    proxy.refuse();
    try (var client = new Client()) {
      endsOn(client, "one");
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
    proxy.heal();
    try (var client = new Client()) {
      assertThat(client.ask("two")).isEqualTo("two");
    }
    assertThat(requests).containsExactly("two");
  }

  @Test
  void holdsWhatIsSentUntilItIsHealed() throws Exception {
    try (var client = new Client()) {
      assertThat(client.ask("one")).isEqualTo("one");
      proxy.hold();
      client.send("two");
      client.socket.setSoTimeout(50);
      assertThatThrownBy(client.lines::readLine).isInstanceOf(SocketTimeoutException.class);
      assertThat(requests).containsExactly("one");

      proxy.heal();

      client.socket.setSoTimeout(0);
      assertThat(client.lines.readLine()).isEqualTo("two");
    }
  }

  @Test
  void delaysAnswersAndNotRequests() throws Exception {
    try (var client = new Client()) {
      proxy.delay(Duration.ofHours(1));
      client.send("one");
      assertThat(requests.poll(30, TimeUnit.SECONDS)).isEqualTo("one");
      client.socket.setSoTimeout(50);
      assertThatThrownBy(client.lines::readLine).isInstanceOf(SocketTimeoutException.class);

      proxy.heal();

      client.socket.setSoTimeout(0);
      assertThat(client.lines.readLine()).isEqualTo("one");
    }
  }
}
