// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.RunId;
import io.agentgovernance.ledger.sqlite.SqliteLedger;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.redis.RedisMessageBus;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.secret.Secret;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.testkit.redis.RedisServer;
import io.agentgovernance.vault.VaultLogin;
import io.agentgovernance.vault.VaultSecretSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * F30 for the log lines of modules: each of them is made to log what somebody told it, with a
 * secret in it, or where it is, which is a secret too.
 */
class ModuleLogCanaryTest extends CapturedLogs {
  private static final String CANARY = "c4nary-told-to-m0dules";

  /** Who logs a secret if nothing is taken out: one class of each module at least. */
  private static final List<String> TOLD =
      List.of(
          "io.agentgovernance.ledger.sqlite.SinkPump",
          "io.agentgovernance.openrouter.Catalog",
          "io.agentgovernance.redis.BusSubscription",
          "io.agentgovernance.vault.VaultSession");

  @TempDir private Path folder;

  @Test
  void noModuleLogsASecret() throws Exception {
    String address = run(Redactor.standard());

    assertThat(loggersOf(CANARY)).isEmpty();
    assertThat(loggersOf(address)).isEmpty();
    assertThat(loggersOf(Redactor.MASK)).as("they were told it").containsAll(TOLD);
  }

  /** The control. */
  @Test
  void withoutRedactionEachModuleDoes() throws Exception {
    String address = run(Redactor.none());

    Set<String> found = loggersOf(CANARY);
    found.addAll(loggersOf(address));
    assertThat(found).containsAll(TOLD);
  }

  /** Has every module log; returns the address of Vault, which counts as a secret here. */
  private String run(Redactor redactor) throws Exception {
    try (MockWebServer vault = vault();
        MockWebServer models = models();
        RedisServer redis = RedisServer.start()) {
      String address = "127.0.0.1:" + vault.getPort();
      var unusedCanary = redactor.register(CANARY.toCharArray());
      var unusedAddress = redactor.register(address.toCharArray());
      SqliteLedger ledger =
          SqliteLedger.builder(folder.resolve("ledger.db"))
              .anchorEvery(1)
              .anchorSink(
                  anchor -> {
                    throw new IllegalStateException("no place for it: " + CANARY);
                  })
              .open();
      try (Orchestrator orchestrator =
          Orchestrator.builder()
              .redactor(redactor)
              .secrets(SecretSource.environment(Map.of("KEY", "the-key-of-the-model")))
              .providerSetting("openrouter.base-url", models.url("/api/v1").toString())
              .providerSetting("openrouter.dialect", "openrouter")
              .providerSetting("openrouter.api-key", "env:KEY")
              .model("openrouter:vendor/a")
              .ledger(ledger)
              .team(
                  Team.of(
                      DecisionRule.by("one"),
                      Agent.of("one", ctx -> ctx.model().ask(Prompt.user("Say ok")).text())))
              .build()) {
        OrchestrationResult result = orchestrator.run("Have everybody log");
        assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
        ledger.close(); // waits for its sink
        fromVault(address);
        fromRedis(redis);
      }
      return address;
    }
  }

  private static void fromVault(String address) {
    try (VaultSecretSource source =
            VaultSecretSource.at(URI.create("http://" + address))
                .credentials(SecretSource.environment(Map.of("ROLE", "role", "ID", "id")))
                .login(VaultLogin.appRole("env:ROLE", "env:ID"))
                .build();
        Secret secret = source.read("vault:services/x")) {
      assertThat(secret.<Integer>use(value -> value.length)).isPositive();
    }
  }

  private static void fromRedis(RedisServer redis) throws Exception {
    RunId run = RunId.random();
    CountDownLatch handled = new CountDownLatch(2); // when the second comes, the first was logged
    try (RedisMessageBus bus = RedisMessageBus.builder(redis.uri()).open()) {
      AutoCloseable subscription =
          bus.subscribe(
              run,
              message -> {
                handled.countDown();
                throw new IllegalStateException("not understood: " + CANARY);
              });
      for (String id : List.of("1", "2")) {
        AgentMessage sent =
            bus.publish(
                new AgentMessage(
                    run,
                    id,
                    0,
                    run.agent(AgentRole.ALPHA),
                    7,
                    null,
                    Payload.text(id),
                    Instant.EPOCH));
        assertThat(sent.sequence()).isPositive();
      }
      assertThat(handled.await(20, TimeUnit.SECONDS)).isTrue();
      subscription.close();
    }
  }

  private static MockWebServer vault() throws IOException {
    Payload login =
        Payload.of(
            Map.of(
                "auth",
                Map.of("client_token", "hvs.token", "lease_duration", 900, "renewable", false)));
    Payload secret =
        Payload.of(Map.of("data", Map.of("data", Map.of("password", "of the service"))));
    return serving(
        request -> {
          String path = request.getUrl().encodedPath();
          return path.endsWith("/login")
              ? answer(200, login)
              : path.equals("/v1/secret/data/services/x")
                  ? answer(200, secret)
                  : answer(403, Payload.json("{\"errors\":[]}"));
        });
  }

  /** A server that has no list of models, and tells a secret instead. */
  private static MockWebServer models() throws IOException {
    Payload reply =
        Payload.json(
            "{\"choices\":[{\"message\":{\"content\":\"ok\"},\"finish_reason\":\"stop\"}]}");
    Payload error = Payload.of(Map.of("error", Map.of("message", "no list for " + CANARY)));
    return serving(
        request ->
            request.getUrl().encodedPath().endsWith("/chat/completions")
                ? answer(200, reply)
                : answer(400, error));
  }

  private interface Answers {
    MockResponse to(RecordedRequest request);
  }

  private static MockWebServer serving(Answers answers) throws IOException {
    MockWebServer server = new MockWebServer();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            return answers.to(request);
          }
        });
    server.start();
    return server;
  }

  private static MockResponse answer(int status, Payload body) {
    return new MockResponse.Builder()
        .code(status)
        .addHeader("Content-Type", "application/json")
        .body(body.json())
        .build();
  }

  /** Which classes of this library logged a text. */
  private Set<String> loggersOf(String text) {
    Set<String> found = new TreeSet<>();
    for (ILoggingEvent event : List.copyOf(logs.list)) {
      String line =
          event.getFormattedMessage()
              + (event.getThrowableProxy() == null
                  ? ""
                  : ThrowableProxyUtil.asString(event.getThrowableProxy()));
      if (event.getLoggerName().startsWith("io.agentgovernance.") && line.contains(text)) {
        found.add(event.getLoggerName());
      }
    }
    return found;
  }
}
