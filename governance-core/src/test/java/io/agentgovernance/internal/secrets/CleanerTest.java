// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.ClarifiedPlan;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Redactor;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.RunStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CleanerTest {
  private static final String SECRET = "s3cr3t-value";
  private static final AgentId AGENT = new AgentId("run-1-alpha");
  private static final RunId RUN = new RunId("run-1");

  private final Redactor redactor = Redactor.standard();
  private final Cleaner cleaner = new Cleaner(redactor);

  CleanerTest() {
    Redactor.Registration unused = redactor.register(SECRET.toCharArray());
    Redactor.Registration unusedToo = redactor.register("1234567890".toCharArray());
  }

  @Test
  void aPayloadLosesSecretsInKeysAndValuesHoweverDeepAndKeepsTheRest() {
    Payload payload =
        Payload.json(
            "{\"a\":[1,2.50,true,null,\"x "
                + SECRET
                + "\"],\""
                + SECRET
                + "\":{\"pin\":1234567890},"
                + "\"big\":98765432109876543210987.5}");

    assertThat(cleaner.payload(payload))
        .isEqualTo(
            Payload.json(
                "{\"a\":[1,2.50,true,null,\"x [redacted]\"],\"[redacted]\":{\"pin\":\"[redacted]\"},"
                    + "\"big\":98765432109876543210987.5}"));
    assertThat(cleaner.payload(Payload.text(SECRET))).isEqualTo(Payload.text("[redacted]"));
  }

  @Test
  void whatHoldsNoneIsTheSameObject() {
    Payload payload = Payload.of(Map.of("a", List.of("b")));
    Command<?> command = new Command.Write(AGENT, 1, "w", "key", payload, 0);

    assertThat(cleaner.payload(payload)).isSameAs(payload);
    assertThat(cleaner.value(command)).isSameAs(command);
    assertThat(cleaner.value(Optional.of("x"))).isPresent();
  }

  @Test
  void commandsLoseThemInEveryComponent() {
    assertThat(
            cleaner.value(new Command.Write(AGENT, 1, "w", "k " + SECRET, Payload.text(SECRET), 0)))
        .isEqualTo(new Command.Write(AGENT, 1, "w", "k [redacted]", Payload.text("[redacted]"), 0));
    assertThat(cleaner.value(new Command.Stop("me", "because of " + SECRET)))
        .isEqualTo(new Command.Stop("me", "because of [redacted]"));
    ClarifiedPlan plan =
        new ClarifiedPlan(AGENT, Payload.text(SECRET), List.of("a", SECRET), "r", Instant.EPOCH);
    assertThat(cleaner.value(new Command.Clarify(AGENT, 1, plan)).plan())
        .isEqualTo(
            new ClarifiedPlan(
                AGENT, Payload.text("[redacted]"), List.of("a", "[redacted]"), "r", Instant.EPOCH));
    Command<?> reserve = new Command.Reserve(AGENT, 1, "r", 5, BigDecimal.ONE);
    assertThat(cleaner.value(reserve)).isSameAs(reserve);
  }

  @Test
  void theDigestOfAnOutputIsOfWhatIsKept() {
    AgentOutput output =
        AgentOutput.of(RUN, AGENT, AgentPhase.EXECUTE, Payload.text(SECRET), Instant.EPOCH);

    AgentOutput clean = cleaner.value(new Command.FinishPhase(AGENT, 1, output)).output();

    assertThat(clean.content()).isEqualTo(Payload.text("[redacted]"));
    assertThat(clean.digest()).isEqualTo(Payload.text("[redacted]").digest());
  }

  @Test
  void exceptionsLoseThemInMessagesOfCausesAndOfSuppressedOnes() {
    GovernanceException thrown =
        new GovernanceException("a", new IllegalStateException("b " + SECRET));
    thrown.addSuppressed(new IllegalArgumentException(SECRET + " c"));

    String printed = printed(cleaner.exception(thrown));

    assertThat(printed)
        .doesNotContain(SECRET)
        .contains("io.agentgovernance.GovernanceException: a")
        .contains("Caused by: java.lang.IllegalStateException: b [redacted]")
        .contains("Suppressed: java.lang.IllegalArgumentException: [redacted] c")
        .contains("CleanerTest.exceptionsLoseThem");
    GovernanceException harmless = new GovernanceException("a");
    assertThat(cleaner.exception(harmless)).isSameAs(harmless);
  }

  @Test
  void badInputStaysBadInput() {
    BadInputException clean =
        cleaner.badInput(new BadInputException("w", "found " + SECRET, "e", "a."));

    assertThat(clean.found()).isEqualTo("found [redacted]");
    assertThat(clean).hasMessage("w: found found [redacted], expected e. a.");
  }

  @Test
  void causesThatGoRoundInACircleAreNoTrouble() {
    IllegalStateException a = new IllegalStateException(SECRET);
    IllegalStateException b = new IllegalStateException("b", a);
    a.initCause(b);

    assertThat(printed(LogText.clean(b, redactor::redact))).doesNotContain(SECRET);
  }

  @Test
  void logsLoseTheSecretsOfAllOpenOrchestratorsAndLineBreaks() {
    LogText.open(redactor);
    try {
      assertThat(LogText.of("x " + SECRET + "\n2026 INFO all is well"))
          .isEqualTo("x [redacted]\\n2026 INFO all is well");
      assertThat(printed(LogText.of(new IllegalStateException("x\n" + SECRET))))
          .contains("java.lang.IllegalStateException: x\\n[redacted]");
    } finally {
      LogText.close(redactor);
    }
    assertThat(LogText.of(SECRET)).isEqualTo(SECRET);
    assertThat(LogText.of("AKIAIOSFODNN7EXAMPLE")).isEqualTo("[redacted]");
    Throwable harmless = new IllegalStateException("x");
    assertThat(LogText.of(harmless)).isSameAs(harmless);
  }

  /**
   * Whoever adds a method to these must judge whether it carries what an agent said, and if so pass
   * it through the cleaner, before it is listed here.
   */
  @Test
  void everyMethodOfAStoreWasJudged() {
    assertThat(methods(Coordination.class))
        .containsExactlyInAnyOrder(
            "attach", "close", "create", "leaseTtl", "release", "remote", "restore");
    assertThat(methods(RunStore.class))
        .containsExactlyInAnyOrder(
            "apply",
            "acquire",
            "detach",
            "sequence",
            "renew",
            "release",
            "holds",
            "follow",
            "terms",
            "status",
            "stopped",
            "agents",
            "agent",
            "entry",
            "entries",
            "messages",
            "proposals",
            "accepted",
            "solution",
            "handoffs",
            "approvals",
            "spend");
  }

  private static List<String> methods(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .map(Method::getName)
        .toList();
  }

  private static String printed(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
