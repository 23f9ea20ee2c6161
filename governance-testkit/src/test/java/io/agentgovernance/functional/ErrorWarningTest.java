// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.OrchestrationResult;
import io.agentgovernance.agent.AgentContext;
import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an agent and its host are told before its budget of errors is spent. */
class ErrorWarningTest extends Erring {
  @Test
  void theAgentAndTheHostAreWarnedAtTheSeventhOfEightErrors() {
    List<List<String>> notices = new ArrayList<>();

    OrchestrationResult result =
        Scenes.run(
            failing(
                ctx -> {
                  failTimes(ctx, 6, new ArrayList<>());
                  notices.add(warnings(ctx));
                  fail(ctx, WORDS[6]);
                  notices.add(warnings(ctx));
                  return "";
                }));

    assertThat(notices.get(0)).isEmpty();
    assertThat(notices.get(1)).singleElement().asString().contains("7 of 8 errors");
    List<Event> warned = Scenes.events(result, EventTypes.BUDGET_WARNING);
    assertThat(warned).hasSize(1);
    assertThat(Scenes.field(warned.get(0), "total")).isEqualTo("7");
  }

  @Test
  void theFirstRepeatWarnsBecauseTheNextRevokes() {
    List<List<String>> notices = new ArrayList<>();

    Scenes.run(
        failing(
            ctx -> {
              fail(ctx, "banana 1");
              notices.add(warnings(ctx));
              fail(ctx, "banana 2");
              notices.add(warnings(ctx));
              return "";
            }));

    assertThat(notices.get(0)).isEmpty();
    assertThat(notices.get(1)).singleElement().asString().contains("1 of 2 repeats");
  }

  @Test
  void thePlanIsClarifiedOnceAtHalfTheBudget() {
    OrchestrationResult result = Scenes.run(failing(ctx -> failTimes(ctx, 7, new ArrayList<>())));

    List<Event> clarified = Scenes.events(result, EventTypes.PLAN_CLARIFIED);
    assertThat(clarified).hasSize(1);
    assertThat(Scenes.field(clarified.get(0), "reason")).isEqualTo("HALF_OF_BUDGET");
    List<Event> errors = Scenes.events(result, EventTypes.ERROR_RECORDED);
    assertThat(clarified.get(0).sequence())
        .isBetween(errors.get(3).sequence(), errors.get(4).sequence());
  }

  @Test
  void thePlanIsClarifiedOnceAtTheFirstRepeat() {
    OrchestrationResult result =
        Scenes.run(
            failing(
                ctx -> {
                  fail(ctx, "banana 1");
                  fail(ctx, "banana 2");
                  failTimes(ctx, 4, new ArrayList<>());
                  return "";
                }));

    List<Event> clarified = Scenes.events(result, EventTypes.PLAN_CLARIFIED);
    assertThat(clarified).hasSize(1);
    assertThat(Scenes.field(clarified.get(0), "reason")).isEqualTo("REPEATED_ERROR");
  }

  private static List<String> warnings(AgentContext ctx) {
    return ctx.notices().stream().filter(notice -> notice.contains("errors used")).toList();
  }
}
