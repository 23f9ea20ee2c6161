// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.Orchestration;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.internal.memory.MemoryLedger;
import io.agentgovernance.ledger.LedgerQuery;
import io.agentgovernance.ledger.LedgerTypes;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.testkit.ManualTime;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In whatever way the server of a model fails: the fifth failure opens its breaker, the next model
 * answers, one call probes it after the wait, and when it is well again it is used again. The
 * servers have real sockets; time is moved by hand, also by a server while it keeps a client
 * waiting.
 */
class OutageTest {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final int AGENTS = 4;

  private static final HeldCertificate AUTHORITY =
      new HeldCertificate.Builder().certificateAuthority(0).build();
  private static final SSLSocketFactory RIGHT = serving(signed("127.0.0.1"));
  private static final SSLSocketFactory OF_ANOTHER_HOST = serving(signed("elsewhere.test"));
  private static final SSLSocketFactory OF_NOBODY =
      serving(new HeldCertificate.Builder().addSubjectAlternativeName("127.0.0.1").build());

  private static HeldCertificate signed(String host) {
    return new HeldCertificate.Builder()
        .addSubjectAlternativeName(host)
        .signedBy(AUTHORITY)
        .build();
  }

  private static SSLSocketFactory serving(HeldCertificate certificate) {
    return new HandshakeCertificates.Builder()
        .heldCertificate(certificate)
        .build()
        .sslSocketFactory();
  }

  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-11-20T12:00:00Z"));
  private final List<String> transitions = new CopyOnWriteArrayList<>();
  private volatile boolean ill = true;

  enum Fault {
    RATE_LIMITED(Kind.RATE_LIMITED),
    BAD_GATEWAY(Kind.UNAVAILABLE),
    UNAVAILABLE(Kind.UNAVAILABLE),
    HANGING(Kind.TIMEOUT),
    HANGING_MIDWAY(Kind.TIMEOUT),
    DRIPPING(Kind.TIMEOUT),
    RESET(Kind.UNAVAILABLE),
    RESET_MIDWAY(Kind.UNAVAILABLE),
    CERTIFICATE_OF_NOBODY(Kind.UNAVAILABLE),
    CERTIFICATE_OF_ANOTHER_HOST(Kind.UNAVAILABLE);

    private final Kind kind;

    Fault(Kind kind) {
      this.kind = kind;
    }

    /** A connection that is not trusted never becomes a request. */
    int attempts(RawServer server) {
      return secured() ? server.connections() : server.requests();
    }

    boolean secured() {
      return this == CERTIFICATE_OF_NOBODY || this == CERTIFICATE_OF_ANOTHER_HOST;
    }
  }

  private static void ok(OutputStream out) throws IOException {
    RawServer.write(
        out,
        RawServer.SSE_HEAD
            + RawServer.chunk("ok").replace("\"finish_reason\":null", "\"finish_reason\":\"stop\"")
            + "data: {\"id\":\"gen-1\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,"
            + "\"completion_tokens\":5,\"cost\":0.001}}\n\ndata: [DONE]\n\n");
  }

  private static void status(OutputStream out, int status, String headers) throws IOException {
    String body = "{\"error\":{\"code\":" + status + ",\"message\":\"m\"}}";
    RawServer.write(
        out,
        "HTTP/1.1 %d X\r\nConnection: close\r\n%sContent-Length: %d\r\n\r\n%s"
            .formatted(status, headers, body.length(), body));
  }

  private void misbehave(Fault fault, Socket socket, OutputStream out) throws IOException {
    switch (fault) {
      case RATE_LIMITED -> status(out, 429, "Retry-After: 3\r\n");
      case BAD_GATEWAY -> status(out, 502, "");
      case UNAVAILABLE -> status(out, 503, "");
      case HANGING -> untilGivenUp(socket, out, "");
      case HANGING_MIDWAY -> {
        RawServer.write(out, RawServer.SSE_HEAD + RawServer.chunk("He"));
        untilGivenUp(socket, out, "");
      }
      case DRIPPING -> {
        RawServer.write(out, RawServer.SSE_HEAD);
        untilGivenUp(socket, out, ": drip\n");
      }
      case RESET -> socket.setSoLinger(true, 0);
      case RESET_MIDWAY -> {
        RawServer.write(out, RawServer.SSE_HEAD + RawServer.chunk("He"));
        socket.setSoLinger(true, 0);
      }
      case CERTIFICATE_OF_NOBODY, CERTIFICATE_OF_ANOTHER_HOST -> ok(out);
    }
  }

  /** Time passes while the client waits; it has to leave when its time is over, not before. */
  private void untilGivenUp(Socket socket, OutputStream out, String drip) throws IOException {
    for (int second = 0; second < CALL_TIMEOUT.toSeconds(); second++) {
      RawServer.write(out, drip);
      time.advance(Duration.ofSeconds(1));
    }
    int unused = socket.getInputStream().read(); // until the client has closed
  }

  private RawServer server(Fault fault) {
    RawServer.Behaviour behaviour =
        (socket, out) -> {
          if (ill) {
            misbehave(fault, socket, out);
          } else {
            ok(out);
          }
        };
    if (!fault.secured()) {
      return RawServer.that(behaviour);
    }
    SSLSocketFactory wrong = fault == Fault.CERTIFICATE_OF_NOBODY ? OF_NOBODY : OF_ANOTHER_HOST;
    return RawServer.secured(() -> ill ? wrong : RIGHT, behaviour);
  }

  private static OpenRouterChatModel client(String model, RawServer server) {
    HandshakeCertificates trusting =
        new HandshakeCertificates.Builder().addTrustedCertificate(AUTHORITY.certificate()).build();
    return OpenRouterChatModel.builder(model)
        .baseUrl(server.url())
        .dialect(Dialect.OPENROUTER)
        .trust(trusting.sslSocketFactory(), trusting.trustManager())
        .key(TestKeys.SOURCE, "env:OPENROUTER_API_KEY")
        .pricing(new ModelPricing(new BigDecimal("0.000001"), new BigDecimal("0.00001")))
        .build();
  }

  private static void ask(AgentContext ctx, String what) {
    assertThat(ctx.model().ask(Prompt.user(what).maxTokens(100)).text()).isEqualTo("ok");
  }

  @ParameterizedTest
  @EnumSource
  void theFifthFailureOpensTheNextModelAnswersAndOneCallProbes(Fault fault) {
    MemoryLedger ledger = new MemoryLedger();
    List<Integer> reached = new ArrayList<>();
    OrchestrationResult result;
    try (RawServer first = server(fault);
        RawServer second = RawServer.that((socket, out) -> ok(out));
        OpenRouterChatModel modelA = client("vendor/a", first);
        OpenRouterChatModel modelB = client("vendor/b", second)) {
      Agent[] team = new Agent[AGENTS];
      team[0] = Agent.of("one", ctx -> walk(ctx, fault, first, reached));
      for (int i = 1; i < AGENTS; i++) {
        team[i] = Agent.of("other" + i, OutageTest::accompany);
      }
      try (Orchestrator orchestrator =
          Orchestrator.builder()
              .time(time)
              .timeout(Duration.ofHours(10))
              .callTimeout(CALL_TIMEOUT)
              .mediation(Set.of())
              .model("first", modelA)
              .model("second", modelB)
              .ledger(ledger)
              .team(Team.of(DecisionRule.collect(), team))
              .listener(
                  event -> {
                    if (event.type().equals(EventTypes.CIRCUIT_STATE)) {
                      transitions.add(event.data().at("/to").map(Payload::text).orElse("?"));
                    }
                  })
              .build()) {
        Orchestration run = orchestrator.start(RunRequest.of("Survive"));
        result = time.advanceUntilDone(run.completion());
      }
    }

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(result.agents())
        .allSatisfy(
            agent -> {
              assertThat(agent.status()).isEqualTo(AgentStatus.COMPLETED);
              assertThat(agent.errors()).isZero();
            });
    assertThat(reached)
        .as("attempts when it is open, after all probed at once, and when it is well again")
        .containsExactly(5, 5, 6, 6, 7, 8);
    assertThat(transitions).containsExactly("OPEN", "HALF_OPEN", "OPEN", "HALF_OPEN", "CLOSED");
    assertThat(failures(ledger)).containsOnly(fault.kind.name());
  }

  private String walk(AgentContext ctx, Fault fault, RawServer first, List<Integer> reached) {
    for (int i = 0; i < 5; i++) {
      ask(ctx, "until it is open " + i);
    }
    reached.add(fault.attempts(first));
    ask(ctx, "while it is open");
    reached.add(fault.attempts(first));
    time.advance(Duration.ofSeconds(31));
    ctx.broadcast("now");
    ask(ctx, "together");
    for (int other = 1; other < AGENTS; other++) {
      assertThat(ctx.receive(PATIENCE)).isPresent();
    }
    reached.add(fault.attempts(first));
    ask(ctx, "while it is open again");
    reached.add(fault.attempts(first));
    ill = false;
    time.advance(Duration.ofSeconds(61));
    ask(ctx, "the probe that succeeds");
    reached.add(fault.attempts(first));
    ask(ctx, "as before");
    reached.add(fault.attempts(first));
    return "done";
  }

  private static String accompany(AgentContext ctx) {
    assertThat(ctx.receive(PATIENCE)).isPresent();
    ask(ctx, "together");
    ctx.send("one", "asked");
    return "done";
  }

  private static List<String> failures(MemoryLedger ledger) {
    return ledger
        .query(LedgerQuery.builder().limit(LedgerQuery.MAX_LIMIT).build())
        .entries()
        .stream()
        .filter(entry -> entry.type().equals(LedgerTypes.OUTCOME))
        .map(entry -> entry.body().at("/result").orElseThrow().text())
        .filter(result -> !result.equals("REPLY"))
        .toList();
  }
}
