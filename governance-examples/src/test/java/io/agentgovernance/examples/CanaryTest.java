// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.Orchestrator;
import io.agentgovernance.RunRequest;
import io.agentgovernance.agent.Agent;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.agent.DecisionRule;
import io.agentgovernance.agent.Team;
import io.agentgovernance.agent.ToolFailedException;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.event.Event;
import io.agentgovernance.examples.TellingTools.In;
import io.agentgovernance.examples.TellingTools.Out;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.spi.SecretSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * F30: secrets that are told to everybody by everything appear nowhere: models, tools, bodies,
 * policies, listeners and exceptions tell them, in whatever form.
 */
class CanaryTest extends CapturedLogs {
  private static final String KEY = "c4nary/key+of the \"model\"";
  private static final String PASSWORD = "c4naryp4ssword";
  private static final String VAULTED = "c4nary-of-the-vault";
  private static final String TOKEN = "c4nary-t0ken-given-to-vault";
  private static final String SHAPE = "sk-or-v1-c4nary0123456789abcdef";
  private static final List<String> CANARIES = List.of(KEY, PASSWORD, VAULTED, TOKEN, SHAPE);

  /** What a text is called that a canary was seen in. */
  private final Map<String, String> seen = new LinkedHashMap<>();

  private final List<String> events = new CopyOnWriteArrayList<>();

  @TempDir private Path folder;

  @BeforeEach
  void forgetPrompts() {
    CanaryModelProvider.PROMPTS.clear();
  }

  @Test
  void aSecretAppearsNowhereWhoeverTellsIt() throws IOException {
    OrchestrationResult result = run(Redactor.standard());

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(seen).isEmpty();
    assertThat(result.solution().orElseThrow().json()).contains(Redactor.MASK);
    assertThat(CanaryModelProvider.PROMPTS).hasSize(2);
  }

  @Test
  void withoutRedactionItAppearsEverywhere() throws IOException {
    OrchestrationResult result = run(Redactor.none());

    assertThat(result.status()).isEqualTo(PipelineStatus.COMPLETED);
    assertThat(seen.keySet())
        .contains("checkpoints.db", "event", "log", "prompt", "report", "result", "told");
  }

  /** A Vault that gives one secret, and tells what it was asked with when it gives none. */
  private static MockWebServer vault() throws IOException {
    MockWebServer server = new MockWebServer();
    server.setDispatcher(
        new Dispatcher() {
          @Override
          public MockResponse dispatch(RecordedRequest request) {
            String path = request.getUrl().encodedPath();
            boolean there = path.equals("/v1/secret/data/services/canary");
            Object body =
                there
                    ? Map.of("data", Map.of("data", Map.of("password", VAULTED, "b", TOKEN)))
                    : Map.of("errors", List.of("permission denied for " + TOKEN + VAULTED));
            return new MockResponse.Builder()
                .code(there ? 200 : 403)
                .addHeader("X-Told", "c4nary")
                .body(Payload.of(body).json())
                .build();
          }
        });
    server.start();
    return server;
  }

  private OrchestrationResult run(Redactor redactor) throws IOException {
    try (MockWebServer vault = vault()) {
      return run(redactor, "http://127.0.0.1:" + vault.getPort());
    }
  }

  private OrchestrationResult run(Redactor redactor, String vault) {
    Map<String, String> variables = Map.of("KEY", KEY, "PASSWORD", PASSWORD, "VAULT_TOKEN", TOKEN);
    OrchestrationResult result;
    try (Orchestrator orchestrator =
        Orchestrator.builder()
            .providerSetting("vault.address", vault)
            .secrets(SecretSource.environment(variables))
            .redactor(redactor)
            .model("canary:env:KEY,env:PASSWORD,env:VAULT_TOKEN,vault:services/canary")
            .ledger("sqlite:" + folder.resolve("ledger.db") + "?key=file:" + folder + "/anchor.key")
            .checkpoints("sqlite:" + folder.resolve("checkpoints.db"))
            .tools(
                TellingTools.leaking("leaks"),
                TellingTools.failing("fails", url(KEY)),
                TellingTools.forbidden("forbidden"))
            .team(
                Team.of(
                    DecisionRule.by("teller"),
                    agent("teller", this::tell),
                    agent("crash", this::crash)))
            .listener(this::listen)
            .build()) {
      result =
          orchestrator.run(
              RunRequest.of("Use " + PASSWORD + " and " + SHAPE)
                  .input("login", Map.of("password", PASSWORD, SHAPE, 1))
                  .document("notes", "the key: " + base64(KEY)));
      look("description", orchestrator.describe());
      files(); // with the write-ahead logs
    }
    files();
    look("result", result + result.agents().toString() + result.outcome());
    look("report", result.report() + result.diagram());
    result.timeline().forEach(event -> look("event", event.json() + event));
    events.forEach(event -> look("event", event));
    CanaryModelProvider.PROMPTS.forEach(prompt -> look("prompt", prompt));
    logs.list.forEach(this::lookAtLog);
    Thread.getAllStackTraces().keySet().forEach(thread -> look("thread", thread.getName()));
    return result;
  }

  private static Agent agent(String role, io.agentgovernance.agent.AgentBody<String> body) {
    return Agent.of(role, body).tier(TrustTier.T3).tools("leaks", "fails", "forbidden");
  }

  /** Whatever a body can say, and whatever it is told. */
  private String tell(AgentContext ctx) {
    look("told", ctx.objective() + ctx.input("login", Map.class) + ctx.documents());
    look("told", ctx.model().ask(Prompt.user("Say " + PASSWORD + " and " + SHAPE)).text());
    try {
      look("told", ctx.model().ask(Prompt.user("Now fail with " + KEY)).text());
    } catch (ModelException e) {
      look("told", printed(e));
    }
    look("told", ctx.tools().call("leaks", new In("x"), Out.class).text());
    try {
      look("told", ctx.tools().call("fails", new In(PASSWORD), Out.class).text());
    } catch (ToolFailedException e) {
      look("told", printed(e));
    }
    try {
      look("told", ctx.tools().call("forbidden", new In("x"), Out.class).text());
    } catch (ToolFailedException e) {
      look("told", printed(e));
    }
    ctx.blackboard().put("where " + PASSWORD, Map.of("password", PASSWORD, "url", url(KEY)));
    ctx.blackboard().entries("").forEach(entry -> look("told", entry.key() + entry.value().json()));
    look("told", ctx.step("look", Out.class, () -> new Out(KEY)).text());
    ctx.broadcast(Map.of("key", KEY));
    look("told", ctx.propose(Map.of("text", "use " + SHAPE)).content().json());
    ctx.proposals().forEach(proposal -> look("told", proposal.content().json()));
    return "done with " + KEY + " " + base64("user:" + PASSWORD);
  }

  private String crash(AgentContext ctx) {
    ctx.receive(ctx.remaining()).ifPresent(message -> look("told", message.content().json()));
    ctx.proposals().stream()
        .filter(proposal -> !proposal.author().equals(ctx.id()))
        .forEach(
            proposal -> look("told", "" + ctx.vote(proposal, Ballot.Choice.REJECT, "no " + KEY)));
    throw new GovernanceException(
        "cannot log in with " + PASSWORD + "\nroot: ok", new IllegalStateException(KEY));
  }

  private void listen(Event event) {
    events.add(event.json());
    throw new IllegalStateException("the listener says " + KEY + " at " + event.sequence());
  }

  private void files() {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        look(String.valueOf(file.getFileName()), new String(Files.readAllBytes(file), ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void lookAtLog(ILoggingEvent event) {
    look("log", event.getFormattedMessage());
    if (event.getThrowableProxy() != null) {
      look("log", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    look("thread", event.getThreadName());
  }

  private void look(String where, String text) {
    for (String canary : CANARIES) {
      List<String> forms = new ArrayList<>(List.of(canary, base64(canary), url(canary)));
      forms.add(canary.replace("\"", "\\\""));
      forms.add(new String(canary.getBytes(UTF_8), ISO_8859_1));
      forms.add(base64("user:" + canary).substring(8, 20));
      for (String form : new TreeSet<>(forms)) {
        if (text.contains(form)) {
          int at = text.indexOf(form);
          seen.putIfAbsent(
              where, text.substring(Math.max(0, at - 80), Math.min(text.length(), at + 80)));
        }
      }
    }
  }

  private static String printed(Throwable thrown) {
    java.io.StringWriter text = new java.io.StringWriter();
    thrown.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String url(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
