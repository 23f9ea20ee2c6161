// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import io.agentgovernance.checkpoint.TypeTable.Form;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentStatus;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.core.ProcedureViolation;
import io.agentgovernance.core.TrustTier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** How each command is stored. A new command is listed here, a new field is one that may lack. */
final class StoredCommands {
  static final TypeTable<Command<?>> TABLE = new TypeTable<>(forms());

  private StoredCommands() {}

  private static List<Form<? extends Command<?>>> forms() {
    List<Form<? extends Command<?>>> forms = new ArrayList<>();
    forms.addAll(ofTheRun());
    forms.addAll(ofAnAgentsLife());
    forms.addAll(ofWhatAgentsShare());
    forms.addAll(ofSpending());
    forms.addAll(ofApprovals());
    return forms;
  }

  /** Reads what agents' commands have beside the agent and its token. */
  private interface Reading<C> {
    C from(AgentId agent, long fence, Fields in);
  }

  private static <C extends Command.OfAgent<?>> Form<C> agent(
      String name, Class<C> type, BiFunction<C, JsonOut, JsonOut> write, Reading<C> read) {
    return new Form<>(
        name,
        type,
        (c, out) -> write.apply(c, out.id("agent", c.agent()).number("fence", c.fence())),
        in -> read.from(in.agent("agent"), in.number("fence"), in));
  }

  private static List<Form<? extends Command<?>>> ofTheRun() {
    return List.of(
        new Form<>(
            "set_status",
            Command.SetStatus.class,
            (c, out) ->
                out.number("fence", c.fence())
                    .word("status", c.status())
                    .payload("detail", c.detail()),
            in ->
                new Command.SetStatus(
                    in.number("fence"),
                    in.word("status", PipelineStatus.class),
                    in.payload("detail"))),
        new Form<>(
            "stop",
            Command.Stop.class,
            (c, out) -> out.text("by", c.by()).text("reason", c.reason()),
            in -> new Command.Stop(in.text("by"), in.text("reason"))),
        new Form<>(
            "spawn",
            Command.Spawn.class,
            (c, out) ->
                out.number("fence", c.fence())
                    .id("agent", c.agent())
                    .id("role", c.role())
                    .word("tier", c.tier())
                    .text("version", c.version())
                    .object("error_budget", part -> StoredParts.write(part, c.errorBudget()))
                    .wordIfAny("reason", c.reason())
                    .idIfAny("successor_of", c.successorOf()),
            in ->
                new Command.Spawn(
                    in.number("fence"),
                    in.agent("agent"),
                    StoredParts.role(in),
                    in.word("tier", TrustTier.class),
                    in.text("version"),
                    StoredParts.errorBudget(in.object("error_budget")),
                    in.wordIfAny("reason", MediationReason.class),
                    in.agentIfAny("successor_of"))),
        new Form<>(
            "give_up_handoff",
            Command.GiveUpHandoff.class,
            (c, out) -> out.number("fence", c.fence()).text("handoff_id", c.handoffId()),
            in -> new Command.GiveUpHandoff(in.number("fence"), in.text("handoff_id"))),
        new Form<>(
            "note",
            Command.Note.class,
            (c, out) ->
                out.idIfAny("agent", c.agent()).text("event", c.type()).payload("data", c.data()),
            in -> new Command.Note(in.agentIfAny("agent"), in.text("event"), in.payload("data"))));
  }

  private static List<Form<? extends Command<?>>> ofAnAgentsLife() {
    return List.of(
        agent(
            "enter_phase",
            Command.EnterPhase.class,
            (c, out) -> out.word("phase", c.phase()),
            (agent, fence, in) ->
                new Command.EnterPhase(agent, fence, in.word("phase", AgentPhase.class))),
        agent(
            "finish_phase",
            Command.FinishPhase.class,
            (c, out) -> out.object("output", part -> StoredParts.write(part, c.output())),
            (agent, fence, in) ->
                new Command.FinishPhase(agent, fence, StoredParts.output(in.object("output")))),
        agent(
            "set_agent_status",
            Command.SetAgentStatus.class,
            (c, out) -> out.word("status", c.status()).text("failure", c.failure()),
            (agent, fence, in) ->
                new Command.SetAgentStatus(
                    agent, fence, in.word("status", AgentStatus.class), in.text("failure"))),
        agent(
            "record_error",
            Command.RecordError.class,
            (c, out) ->
                out.text("error_id", c.errorId())
                    .text("signature", c.signature())
                    .wordIfAny("violation", c.violation())
                    .text("message", c.message()),
            (agent, fence, in) ->
                new Command.RecordError(
                    agent,
                    fence,
                    in.text("error_id"),
                    in.text("signature"),
                    in.wordIfAny("violation", ProcedureViolation.class),
                    in.text("message"))),
        agent(
            "clarify",
            Command.Clarify.class,
            (c, out) -> out.object("plan", part -> StoredParts.write(part, c.plan())),
            (agent, fence, in) ->
                new Command.Clarify(agent, fence, StoredParts.plan(in.object("plan")))),
        agent(
            "heartbeat",
            Command.Heartbeat.class,
            (c, out) -> out,
            (agent, fence, in) -> new Command.Heartbeat(agent, fence)),
        agent(
            "progress",
            Command.Progress.class,
            (c, out) -> out.number("characters", c.characters()),
            (agent, fence, in) -> new Command.Progress(agent, fence, in.number("characters"))));
  }

  private static List<Form<? extends Command<?>>> ofWhatAgentsShare() {
    return List.of(
        agent(
            "write",
            Command.Write.class,
            (c, out) ->
                out.text("write_id", c.writeId())
                    .text("key", c.key())
                    .payload("value", c.value())
                    .number("expected_version", c.expectedVersion()),
            (agent, fence, in) ->
                new Command.Write(
                    agent,
                    fence,
                    in.text("write_id"),
                    in.text("key"),
                    in.payload("value"),
                    in.number("expected_version"))),
        agent(
            "send",
            Command.Send.class,
            (c, out) ->
                out.text("message_id", c.messageId())
                    .idIfAny("to", c.to())
                    .payload("content", c.content()),
            (agent, fence, in) ->
                new Command.Send(
                    agent,
                    fence,
                    in.text("message_id"),
                    in.agentIfAny("to"),
                    in.payload("content"))),
        agent(
            "acknowledge",
            Command.Acknowledge.class,
            (c, out) -> out.number("sequence", c.sequence()),
            (agent, fence, in) -> new Command.Acknowledge(agent, fence, in.number("sequence"))),
        agent(
            "propose",
            Command.Propose.class,
            (c, out) -> out.text("proposal_id", c.proposalId()).payload("content", c.content()),
            (agent, fence, in) ->
                new Command.Propose(agent, fence, in.text("proposal_id"), in.payload("content"))),
        agent(
            "cast",
            Command.Cast.class,
            (c, out) ->
                out.text("proposal_id", c.proposalId())
                    .id("digest", c.digest())
                    .word("choice", c.choice())
                    .text("reason", c.reason()),
            (agent, fence, in) ->
                new Command.Cast(
                    agent,
                    fence,
                    in.text("proposal_id"),
                    in.digest("digest"),
                    in.word("choice", Ballot.Choice.class),
                    in.text("reason"))),
        agent(
            "decide",
            Command.Decide.class,
            (c, out) -> out.text("proposal_id", c.proposalId()).id("digest", c.digest()),
            (agent, fence, in) ->
                new Command.Decide(agent, fence, in.text("proposal_id"), in.digest("digest"))),
        agent(
            "solve",
            Command.Solve.class,
            (c, out) -> out.payload("solution", c.solution()),
            (agent, fence, in) -> new Command.Solve(agent, fence, in.payload("solution"))),
        agent(
            "claim_handoff",
            Command.ClaimHandoff.class,
            (c, out) -> out.text("handoff_id", c.handoffId()),
            (agent, fence, in) -> new Command.ClaimHandoff(agent, fence, in.text("handoff_id"))));
  }

  private static List<Form<? extends Command<?>>> ofSpending() {
    return List.of(
        agent(
            "reserve",
            Command.Reserve.class,
            (c, out) ->
                out.text("reservation_id", c.reservationId())
                    .number("tokens", c.tokens())
                    .decimal("cost", c.cost()),
            (agent, fence, in) ->
                new Command.Reserve(
                    agent,
                    fence,
                    in.text("reservation_id"),
                    in.number("tokens"),
                    in.decimal("cost"))),
        agent(
            "settle",
            Command.Settle.class,
            (c, out) ->
                out.text("reservation_id", c.reservationId())
                    .number("prompt_tokens", c.promptTokens())
                    .number("completion_tokens", c.completionTokens())
                    .decimal("cost", c.cost()),
            (agent, fence, in) ->
                new Command.Settle(
                    agent,
                    fence,
                    in.text("reservation_id"),
                    in.number("prompt_tokens"),
                    in.number("completion_tokens"),
                    in.decimal("cost"))),
        agent(
            "estimate",
            Command.Estimate.class,
            (c, out) -> out.text("reservation_id", c.reservationId()),
            (agent, fence, in) -> new Command.Estimate(agent, fence, in.text("reservation_id"))),
        agent(
            "release",
            Command.Release.class,
            (c, out) -> out.text("reservation_id", c.reservationId()),
            (agent, fence, in) -> new Command.Release(agent, fence, in.text("reservation_id"))),
        agent(
            "admit",
            Command.Admit.class,
            (c, out) -> out.text("action_id", c.actionId()),
            (agent, fence, in) -> new Command.Admit(agent, fence, in.text("action_id"))));
  }

  private static List<Form<? extends Command<?>>> ofApprovals() {
    return List.of(
        agent(
            "request_approval",
            Command.RequestApproval.class,
            (c, out) -> out.object("request", part -> StoredParts.write(part, c.request())),
            (agent, fence, in) ->
                new Command.RequestApproval(
                    agent, fence, StoredParts.request(in.object("request")))),
        new Form<>(
            "decide_approval",
            Command.DecideApproval.class,
            (c, out) ->
                out.text("approval_id", c.approvalId())
                    .object("decision", part -> StoredParts.write(part, c.decision())),
            in ->
                new Command.DecideApproval(
                    in.text("approval_id"), StoredParts.decision(in.object("decision")))),
        new Form<>(
            "expire_approval",
            Command.ExpireApproval.class,
            (c, out) -> out.text("approval_id", c.approvalId()),
            in -> new Command.ExpireApproval(in.text("approval_id"))),
        agent(
            "use_approval",
            Command.UseApproval.class,
            (c, out) -> out.text("approval_id", c.approvalId()).id("digest", c.digest()),
            (agent, fence, in) ->
                new Command.UseApproval(
                    agent, fence, in.text("approval_id"), in.digest("digest"))));
  }
}
