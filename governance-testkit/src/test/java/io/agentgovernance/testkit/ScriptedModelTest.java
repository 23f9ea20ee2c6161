// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.ModelException;
import io.agentgovernance.model.ModelException.Kind;
import io.agentgovernance.model.ModelPricing;
import io.agentgovernance.model.Usage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScriptedModelTest {
  private final ScriptedModel model = ScriptedModel.create();
  private final Asking ask = new Asking(model);

  record Risk(String level) {}

  @Test
  void repliesOfOneScriptAreOfConsecutiveTurns() throws Exception {
    model.on("ALPHA").reply("first").reply(new Risk("low")).on("BETA").reply("other");

    assertThat(ask.as("ALPHA", 2).text()).isEqualTo("{\"level\":\"low\"}");
    assertThat(ask.as("BETA", 1).text()).isEqualTo("other");
    assertThat(ask.as("ALPHA", 1).text()).isEqualTo("first");
  }

  @Test
  void rolesAreComparedWithoutCase() throws Exception {
    model.on("alpha").reply("found");

    assertThat(ask.as("ALPHA", 1).text()).isEqualTo("found");
  }

  @Test
  void aPhasesOwnScriptComesBeforeThatOfAllPhases() throws Exception {
    model.on("ALPHA").reply("any").on("ALPHA", AgentPhase.VERIFY).reply("verified");

    assertThat(ask.as("ALPHA", 1).text()).isEqualTo("any");
    assertThat(ask.in(AgentPhase.VERIFY, "ALPHA", 1).text()).isEqualTo("verified");
  }

  @Test
  void aTurnsOwnScriptComesBeforeAlwaysAndAlwaysBeforeOtherwise() throws Exception {
    model.on("ALPHA").turn(2).reply("second").always().reply("always");
    model.otherwise().reply("otherwise");

    assertThat(ask.as("ALPHA", 1).text()).isEqualTo("always");
    assertThat(ask.as("ALPHA", 2).text()).isEqualTo("second");
    assertThat(ask.as("GAMMA", 7).text()).isEqualTo("otherwise");
  }

  @Test
  void scriptingATurnAgainReplacesIt() throws Exception {
    model.on("ALPHA").fail(Kind.TIMEOUT).reply("old");

    model.on("ALPHA").reply("new");

    assertThat(ask.as("ALPHA", 1).text()).isEqualTo("new");
  }

  @Test
  void whatFollowsAFailureIsOfTheRetry() throws Exception {
    model.on("ALPHA").fail(Kind.RATE_LIMITED).fail(Kind.TIMEOUT).reply("third time lucky");
    model.on("ALPHA").turn(2).reply("next");

    assertFails(Kind.RATE_LIMITED, "ALPHA", 1);
    assertFails(Kind.TIMEOUT, "ALPHA", 1);
    assertThat(ask.as("ALPHA", 1).text()).isEqualTo("third time lucky");
    assertThat(ask.as("ALPHA", 1).text()).isEqualTo("third time lucky");
    assertThat(ask.as("ALPHA", 2).text()).isEqualTo("next");
  }

  @Test
  void attemptsAreCountedForEachAgentAlone() throws Exception {
    model.on("ALPHA").fail(Kind.UNAVAILABLE).reply("up again");
    assertFails(Kind.UNAVAILABLE, "ALPHA", 1);

    var another = new Asking(model).run("another");

    assertThatThrownBy(() -> another.as("ALPHA", 1)).isInstanceOf(ModelException.class);
    assertThat(another.as("ALPHA", 1).text()).isEqualTo("up again");
  }

  @Test
  void aLastFailureIsThatOfEveryRetry() {
    model.on("BETA").turn(2).fail(Kind.TIMEOUT);

    assertFails(Kind.TIMEOUT, "BETA", 2);
    assertFails(Kind.TIMEOUT, "BETA", 2);
  }

  @Test
  void failuresCarryHowLongToWait() {
    model.on("ALPHA").fault(new ModelFault.Fail(Kind.RATE_LIMITED, Duration.ofSeconds(7)));

    assertThatThrownBy(() -> ask.as("ALPHA", 1))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.retryAfter()).contains(Duration.ofSeconds(7)));
  }

  @Test
  void anUnscriptedCallSaysWhoAskedAndWhatIsScripted() {
    model.on("ALPHA").reply("one").reply("two").on("BETA", AgentPhase.EXECUTE).always().reply("b");

    assertThatThrownBy(() -> ask.in(AgentPhase.PLAN, "ALPHA", 3))
        .isInstanceOfSatisfying(
            ModelException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID_REQUEST))
        .hasMessage(
            "scripted model: role ALPHA, phase PLAN, turn 3 is not scripted; scripted:"
                + " ALPHA turn 1, 2; BETA in EXECUTE turn any. Script it with"
                + " on(\"ALPHA\").turn(3), or all others with otherwise().");
    assertThat(model.unscripted()).singleElement().asString().contains("role ALPHA, phase PLAN");
  }

  @Test
  void aModelWithoutScriptSaysSo() {
    assertThatThrownBy(() -> ask.as("ALPHA", 1)).hasMessageContaining("scripted: nothing.");
  }

  @Test
  void repliesCanBeMadeOfTheRequest() throws Exception {
    model
        .on("ALPHA")
        .always()
        .reply((request, exchange) -> request.model() + " " + exchange.turn());

    assertThat(ask.as("ALPHA", 4).text()).isEqualTo("test-model 4");
  }

  @Test
  void usageIsThatOfTheReplyOrAQuarterOfTheBytes() throws Exception {
    model
        .on("ALPHA")
        .reply(ScriptedReply.of("x").withUsage(Usage.of(10, 5)))
        .reply("12345")
        .model();

    assertThat(ask.as("ALPHA", 1).usage()).isEqualTo(Usage.of(10, 5));
    ChatReply second = ask.as("ALPHA", 2);
    assertThat(second.usage().completionTokens()).isEqualTo(2);
    assertThat(second.usage().promptTokens())
        .isEqualTo((model.calls().get(1).request().promptBytes() + 3) / 4);
  }

  @Test
  void toolsGetIdsThatDependOnTheTurnOnly() throws Exception {
    model
        .on("ALPHA")
        .reply(ScriptedReply.tool("rates", Map.of("of", "EUR")).andTool("news", Map.of()));

    ChatReply reply = ask.as("ALPHA", 1);

    assertThat(reply.finish()).isEqualTo(FinishReason.TOOL_USE);
    assertThat(reply.toolUses()).extracting(use -> use.tool()).containsExactly("rates", "news");
    assertThat(reply.toolUses()).extracting(use -> use.id()).doesNotHaveDuplicates();
    assertThat(ask.as("ALPHA", 1).toolUses()).isEqualTo(reply.toolUses());
  }

  @Test
  void repliesCanBeMalformedRefusedOrCut() throws Exception {
    model.on("ALPHA").malformed("no JSON").refuse().truncate("{\"level\":").useTool("t", "x");

    assertThat(ask.as("ALPHA", 1).finish()).isEqualTo(FinishReason.STOP);
    assertThat(ask.as("ALPHA", 2).finish()).isEqualTo(FinishReason.CONTENT_FILTER);
    assertThat(ask.as("ALPHA", 3).finish()).isEqualTo(FinishReason.LENGTH);
    assertThat(ask.as("ALPHA", 4).toolUses()).hasSize(1);
  }

  @Test
  void piecesArriveBeforeTheReply() throws Exception {
    model.on("ALPHA").stream("a", "b", "c");

    assertThat(ask.as("ALPHA", 1).text()).isEqualTo("abc");
    assertThat(ask.deltas()).containsExactly("a", "b", "c");
  }

  @Test
  void pricesAreThoseGiven() {
    assertThat(model.pricing("any")).isEmpty();
    assertThat(model.pricing(ModelPricing.FREE).pricing("any")).contains(ModelPricing.FREE);
  }

  @Test
  void onlyTheLatestCallsAreKept() throws Exception {
    var small = ScriptedModel.keeping(2).otherwise().reply("x").model();
    var asking = new Asking(small);
    asking.as("ALPHA", 1);
    asking.as("ALPHA", 2);
    asking.as("BETA", 1);

    assertThat(small.calls()).extracting(ScriptedCall::number).containsExactly(2L, 3L);
    assertThat(small.callsOf("beta")).hasSize(1);
    assertThat(small.totalCalls()).isEqualTo(3);
  }

  @Test
  void whatIsScriptedWronglyIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> model.on("ALPHA").turn(0));
    assertThatIllegalArgumentException().isThrownBy(() -> ScriptedModel.keeping(-1));
    assertThatIllegalStateException().isThrownBy(() -> model.on("ALPHA").thenOnRetry());
    Script always = model.on("ALPHA").always().reply("x");
    assertThatIllegalStateException().isThrownBy(() -> always.reply("y"));
  }

  @Test
  void callsRecordHowTheyEnded() throws Exception {
    model.on("ALPHA").reply("x").fail(Kind.TIMEOUT);
    ask.as("ALPHA", 1);
    assertFails(Kind.TIMEOUT, "ALPHA", 2);

    List<ScriptedCall> calls = model.callsOf("ALPHA");

    assertThat(calls)
        .extracting(ScriptedCall::end)
        .containsExactly(ScriptedCall.End.REPLIED, ScriptedCall.End.FAILED);
    assertThat(calls.get(0)).hasToString("#1 run-alpha EXECUTE turn 1 REPLIED");
    assertThat(model.finishedAfter(ask.time().ticks())).isEmpty();
    assertThat(model.finishedAfter(ask.time().ticks() - 1)).hasSize(2);
  }

  private void assertFails(Kind kind, String role, int turn) {
    assertThatThrownBy(() -> ask.as(role, turn))
        .isInstanceOfSatisfying(ModelException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }
}
