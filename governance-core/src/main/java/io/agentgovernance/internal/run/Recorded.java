// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.coordination.AgentMessage;
import io.agentgovernance.coordination.Ballot;
import io.agentgovernance.coordination.BlackboardEntry;
import io.agentgovernance.coordination.Handoff;
import io.agentgovernance.coordination.Proposal;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.RunId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How the shared things that a body saw are written into its journal and read again. */
final class Recorded {

  /** A blackboard entry as it is recorded. */
  record Entry(String key, Payload value, long version, String writer, String at) {}

  /** A message as it is recorded. */
  record Message(
      String run,
      String id,
      long sequence,
      String from,
      long fence,
      @Nullable String to,
      Payload content,
      String at) {}

  /** A proposal as it is recorded. */
  record Motion(
      String id,
      String author,
      Payload content,
      List<String> electorate,
      int quorum,
      List<Vote> ballots,
      String state,
      String decidedBy,
      String postedAt,
      @Nullable String decidedAt) {}

  /** A ballot as it is recorded. */
  record Vote(String voter, String choice, String reason, String at) {}

  /** An agent's output as it is recorded. */
  record Output(String run, String agent, String phase, Payload content, String at) {}

  /** A handoff as it is recorded. */
  record Estate(
      String id,
      String from,
      String cause,
      @Nullable String phase,
      List<Output> outputs,
      List<String> openProposals,
      List<Message> unread,
      int depth,
      String state,
      @Nullable String claimedBy,
      String at) {}

  /** Several things, or one that may be absent. */
  record Items(List<Payload> items) {}

  private Recorded() {}

  static Payload entry(BlackboardEntry e) {
    return Payload.of(
        new Entry(e.key(), e.value(), e.version(), e.writer().value(), e.at().toString()));
  }

  static BlackboardEntry entry(Payload recorded) {
    Entry e = recorded.read(Entry.class);
    return new BlackboardEntry(
        e.key(), e.value(), e.version(), new AgentId(e.writer()), Instant.parse(e.at()));
  }

  static Payload message(AgentMessage m) {
    return Payload.of(written(m));
  }

  private static Message written(AgentMessage m) {
    AgentId to = m.to();
    return new Message(
        m.run().value(),
        m.id(),
        m.sequence(),
        m.from().value(),
        m.fence(),
        to == null ? null : to.value(),
        m.content(),
        m.at().toString());
  }

  static AgentMessage message(Payload recorded) {
    return restored(recorded.read(Message.class));
  }

  private static AgentMessage restored(Message m) {
    String to = m.to();
    return new AgentMessage(
        new RunId(m.run()),
        m.id(),
        m.sequence(),
        new AgentId(m.from()),
        m.fence(),
        to == null ? null : new AgentId(to),
        m.content(),
        Instant.parse(m.at()));
  }

  static Payload proposal(Proposal p) {
    Instant decided = p.decidedAt();
    return Payload.of(
        new Motion(
            p.id(),
            p.author().value(),
            p.content(),
            p.electorate().stream().map(AgentId::value).sorted().toList(),
            p.quorum(),
            p.ballots().stream()
                .map(
                    b ->
                        new Vote(
                            b.voter().value(), b.choice().name(), b.reason(), b.at().toString()))
                .toList(),
            p.state().name(),
            p.decidedBy(),
            p.postedAt().toString(),
            decided == null ? null : decided.toString()));
  }

  static Proposal proposal(Payload recorded) {
    Motion m = recorded.read(Motion.class);
    String decided = m.decidedAt();
    LinkedHashSet<AgentId> electorate = new LinkedHashSet<>();
    m.electorate().forEach(id -> electorate.add(new AgentId(id)));
    Digest digest = m.content().digest();
    return new Proposal(
        m.id(),
        new AgentId(m.author()),
        m.content(),
        digest,
        electorate,
        m.quorum(),
        m.ballots().stream()
            .map(
                v ->
                    new Ballot(
                        new AgentId(v.voter()),
                        Ballot.Choice.valueOf(v.choice()),
                        v.reason(),
                        Instant.parse(v.at())))
            .toList(),
        Proposal.State.valueOf(m.state()),
        m.decidedBy(),
        Instant.parse(m.postedAt()),
        decided == null ? null : Instant.parse(decided));
  }

  static Payload handoff(Handoff h) {
    AgentId claimedBy = h.claimedBy();
    AgentPhase phase = h.phase();
    return Payload.of(
        new Estate(
            h.id(),
            h.from().value(),
            h.cause(),
            phase == null ? null : phase.name(),
            h.outputs().stream()
                .map(
                    o ->
                        new Output(
                            o.run().value(),
                            o.agent().value(),
                            o.phase().name(),
                            o.content(),
                            o.at().toString()))
                .toList(),
            h.openProposals(),
            h.unread().stream().map(Recorded::written).toList(),
            h.depth(),
            h.state().name(),
            claimedBy == null ? null : claimedBy.value(),
            h.at().toString()));
  }

  static Handoff handoff(Payload recorded) {
    Estate e = recorded.read(Estate.class);
    String claimedBy = e.claimedBy();
    String phase = e.phase();
    return new Handoff(
        e.id(),
        new AgentId(e.from()),
        e.cause(),
        phase == null ? null : AgentPhase.valueOf(phase),
        e.outputs().stream()
            .map(
                o ->
                    AgentOutput.of(
                        new RunId(o.run()),
                        new AgentId(o.agent()),
                        AgentPhase.valueOf(o.phase()),
                        o.content(),
                        Instant.parse(o.at())))
            .toList(),
        e.openProposals(),
        e.unread().stream().map(Recorded::restored).toList(),
        e.depth(),
        Handoff.State.valueOf(e.state()),
        claimedBy == null ? null : new AgentId(claimedBy),
        Instant.parse(e.at()));
  }

  static <T> Function<List<T>, Payload> listOf(Function<? super T, Payload> write) {
    return list -> Payload.of(new Items(list.stream().<Payload>map(write).toList()));
  }

  static <T> Function<Payload, List<T>> toListOf(Function<? super Payload, ? extends T> read) {
    return recorded -> recorded.read(Items.class).items().stream().<T>map(read).toList();
  }

  static <T> Function<Optional<T>, Payload> optional(Function<? super T, Payload> write) {
    return value -> Payload.of(new Items(value.<Payload>map(write).stream().toList()));
  }

  static <T> Function<Payload, Optional<T>> toOptional(
      Function<? super Payload, ? extends T> read) {
    return recorded -> recorded.read(Items.class).items().stream().findFirst().map(read);
  }
}
