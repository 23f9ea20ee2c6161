// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.events;

import static io.agentgovernance.internal.events.Changes.ALPHA;
import static io.agentgovernance.internal.events.Changes.BETA;
import static io.agentgovernance.internal.events.Changes.GAMMA;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.Effect;
import io.agentgovernance.coordination.ErrorTally;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.ProcedureViolation;
import io.agentgovernance.payload.Payload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventDeriverTest {

  @Test
  void knowsEveryCommand() {
    List<Change> changes = new ArrayList<>(Changes.silent());
    changes.addAll(
        List.of(
            Changes.end(),
            Changes.of(new Command.Stop("ada", "enough"), PipelineStatus.ORCHESTRATING),
            Changes.spawn(ALPHA, AgentRole.ALPHA, null),
            Changes.giveUp(),
            Changes.note(1),
            Changes.enter(AgentPhase.BOOTSTRAP),
            Changes.finish(AgentPhase.BOOTSTRAP),
            Changes.agentStatus(AgentStatus.RUNNING, AgentStatus.COMPLETED),
            Changes.error(null),
            Changes.clarify(),
            Changes.progress(ALPHA, Changes.AT, 1),
            Changes.write(),
            Changes.send(null),
            Changes.propose(),
            Changes.cast(Proposal.State.OPEN),
            Changes.decide(),
            Changes.solve(),
            Changes.claim(),
            Changes.settle(ALPHA, 1, 1, "0"),
            Changes.requestApproval(),
            Changes.decideApproval(),
            Changes.expireApproval()));

    assertThat(changes)
        .allSatisfy(change -> assertThat(EventDeriver.derive(change)).isNotNull())
        .extracting(change -> (Object) change.command().getClass())
        .containsExactlyInAnyOrderElementsOf(records(Command.class).toList());
  }

  @Test
  void staysSilentAboutWhatNobodyWatches() {
    assertThat(Changes.silent())
        .allSatisfy(change -> assertThat(EventDeriver.derive(change)).isEmpty());
  }

  @Test
  void aRevocationTellsOfTheErrorThenTheAgentThenTheHandoff() {
    Change change =
        Changes.error(
            ProcedureViolation.SELF_VOTE,
            ErrorTally.Consequence.WARN,
            ErrorTally.Consequence.REVOKE);

    assertThat(types(change))
        .containsExactly(
            "error_recorded", "budget_warning", "agent_status", "agent_revoked", "handoff_created");
  }

  @Test
  void anErrorWithoutConsequencesIsOneEvent() {
    assertThat(types(Changes.error(null))).containsExactly("error_recorded");
    assertThat(types(Changes.error(null, ErrorTally.Consequence.CLARIFY)))
        .containsExactly("error_recorded");
  }

  @Test
  void theTerminalEventComesLast() {
    assertThat(types(Changes.end())).containsExactly("pipeline_status", "orchestration_complete");
    assertThat(types(Changes.status(PipelineStatus.AWAITING_APPROVAL, Payload.empty())))
        .containsExactly("pipeline_status");
  }

  @Test
  void aStatusThatChangedAsAnEffectEndsTheRunToo() {
    Change change =
        Changes.of(
            new Command.Stop("ada", "enough"),
            PipelineStatus.STOPPED,
            new Effect.StatusChanged(PipelineStatus.RUNNING, PipelineStatus.STOPPED));

    assertThat(types(change))
        .containsExactly("stop_requested", "pipeline_status", "orchestration_complete");
  }

  @Test
  void aRunWithoutResultsEndsWithNone() {
    var drafts = EventDeriver.derive(Changes.status(PipelineStatus.TIMEOUT, Payload.empty()));

    assertThat(drafts.get(1).data())
        .isEqualTo(Payload.json("{\"status\":\"TIMEOUT\",\"results\":{}}"));
  }

  @Test
  void onlyAMediatorIsAnnouncedAsGamma() {
    assertThat(types(Changes.spawn(ALPHA, AgentRole.ALPHA, null))).containsExactly("agent_spawned");
    assertThat(types(Changes.spawn(GAMMA, AgentRole.GAMMA, MediationReason.STUCK)))
        .containsExactly("agent_spawned", "gamma_spawned");
  }

  @Test
  void onlyAnAcceptedProposalIsAConsensus() {
    assertThat(types(Changes.cast(Proposal.State.ACCEPTED)))
        .containsExactly("vote_cast", "consensus_reached");
    assertThat(types(Changes.cast(Proposal.State.REJECTED))).containsExactly("vote_cast");
    assertThat(types(Changes.decide())).containsExactly("consensus_reached");
  }

  @Test
  void aMessageToOneNamesIt() {
    assertThat(EventDeriver.derive(Changes.send(BETA)).get(0).data().at("/to"))
        .contains(Payload.text("r1-beta"));
    assertThat(EventDeriver.derive(Changes.send(null)).get(0).data().at("/to"))
        .contains(Payload.text("*"));
  }

  @Test
  void aNoteKeepsItsTypeAndDataAndNamesItsAgent() {
    var draft =
        EventDeriver.derive(
                Changes.of(
                    new Command.Note(ALPHA, "acme.score", Payload.of(Map.of("score", 7))), null))
            .get(0);

    assertThat(draft.type()).isEqualTo("acme.score");
    assertThat(draft.data()).isEqualTo(Payload.json("{\"agent_id\":\"r1-alpha\",\"score\":7}"));
  }

  @Test
  void aNoteOfSomethingElseThanAnObjectBecomesOne() {
    assertThat(EventDeriver.derive(Changes.note("n", Payload.text("hi"))).get(0).data())
        .isEqualTo(Payload.json("{\"value\":\"hi\"}"));
    assertThat(EventDeriver.derive(Changes.note("n", Payload.empty())).get(0).data())
        .isEqualTo(Payload.json("{}"));
  }

  @Test
  void aNoteCannotEndTheRunNorHaveAnyTypeItLikes() {
    assertThat(types(Changes.note("orchestration_complete", Payload.empty()))).isEmpty();
    assertThat(types(Changes.note("", Payload.empty()))).isEmpty();
    assertThat(types(Changes.note("a\"b", Payload.empty()))).isEmpty();
  }

  @Test
  void textThatCannotBeWrittenLosesACharacterNotTheEvent() {
    var draft =
        EventDeriver.derive(Changes.of(new Command.Stop("ada", "half \ud83d pair"), null)).get(0);

    assertThat(draft.data().at("/reason")).contains(Payload.text("half ? pair"));
  }

  private static List<String> types(Change change) {
    return EventDeriver.derive(change).stream().map(EventDraft::type).toList();
  }

  private static Stream<Object> records(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(EventDeriverTest::records)
        : Stream.of(type);
  }
}
