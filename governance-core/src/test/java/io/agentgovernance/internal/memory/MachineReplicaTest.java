// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.coordination.Applied;
import io.agentgovernance.coordination.Change;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.coordination.MediationReason;
import io.agentgovernance.core.PipelineStatus;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.spi.RunReplica;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineReplicaTest {
  private static final Instant NOW = RandomCommands.START.plusSeconds(60);

  private static RunReplica started() {
    RunReplica replica = RunReplica.of(RandomCommands.terms());
    replica.decide(RandomCommands.spawn(0, null), NOW);
    replica.decide(RandomCommands.spawn(1, null), NOW);
    replica.decide(RandomCommands.spawn(2, MediationReason.STUCK), NOW);
    replica.decide(RandomCommands.spawn(3, null), NOW);
    return replica;
  }

  private static List<Command<?>> commands(RandomGenerator random, int count) {
    var commands = new RandomCommands(random);
    List<Command<?>> made = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      made.add(commands.next());
    }
    return made;
  }

  private static List<RunReplica.Decision<?>> decideAll(
      RunReplica replica, List<Command<?>> commands) {
    List<RunReplica.Decision<?>> decisions = new ArrayList<>(commands.size());
    for (Command<?> command : commands) {
      decisions.add(replica.decide(command, NOW));
    }
    return decisions;
  }

  /** Everything that can be read. */
  private static List<Object> picture(RunReplica replica) {
    return List.of(
        replica.sequence(),
        replica.status(),
        replica.stopped(),
        replica.agents(),
        replica.entries(""),
        replica.messages(replica.agents().get(0).id(), 0, 1_000_000),
        replica.proposals(),
        replica.accepted(),
        replica.solution(),
        replica.handoffs(),
        replica.approvals(),
        replica.spend());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void aCopyGoesItsOwnWayAndNeitherSeesTheOther(long seed) {
    Random random = new Random(seed);
    RunReplica origin = started();
    decideAll(origin, commands(random, 200));
    List<Object> before = picture(origin);
    RunReplica copy = origin.copy();
    assertThat(picture(copy)).isEqualTo(before);

    decideAll(copy, commands(random, 200));

    assertThat(picture(origin)).as("the origin, seed %s", seed).isEqualTo(before);
    List<Object> ofCopy = picture(copy);
    decideAll(origin, commands(random, 200));
    assertThat(picture(copy)).as("the copy, seed %s", seed).isEqualTo(ofCopy);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aCopyDecidesAsItsOriginWould(long seed) {
    Random random = new Random(seed);
    RunReplica origin = started();
    decideAll(origin, commands(random, 300));
    RunReplica copy = origin.copy();
    List<Command<?>> further = commands(random, 300);

    List<RunReplica.Decision<?>> ofCopy = decideAll(copy, further);

    assertThat(decideAll(origin, further)).as("seed %s", seed).isEqualTo(ofCopy);
    assertThat(picture(origin)).isEqualTo(picture(copy));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void whatWasAcceptedAppliesToAnother(long seed) {
    RunReplica working = RunReplica.of(RandomCommands.terms());
    RunReplica confirmed = RunReplica.of(RandomCommands.terms());
    List<Command<?>> commands = new ArrayList<>();
    commands.add(RandomCommands.spawn(0, null));
    commands.add(RandomCommands.spawn(1, null));
    commands.addAll(commands(new Random(seed), 300));

    int accepted = 0;
    for (Command<?> command : commands) {
      Change change = working.decide(command, NOW).change();
      if (change != null) {
        var delta = new Delta.Changed(change.sequence(), change.at(), change.command());
        assertThat(confirmed.apply(delta)).isEqualTo(change);
        accepted++;
      }
    }

    assertThat(accepted).isGreaterThan(20);
    assertThat(picture(confirmed)).isEqualTo(picture(working));
  }

  @Test
  void saysWhichTokenMatteredAndThatZeroIsNobodys() {
    RunReplica replica = RunReplica.of(RandomCommands.terms());
    RunReplica.Decision<?> spawned = replica.decide(RandomCommands.spawn(0, null), NOW);
    var nobodys = new Command.SetStatus(0, PipelineStatus.COMPLETED, Payload.empty());

    assertThat(spawned.fence()).isEqualTo(new RunReplica.Fence("coordinator", 1));
    assertThat(replica.decide(new Command.Stop("Kim", "enough"), NOW).fence()).isNull();
    assertThat(replica.decide(nobodys, NOW).applied().status()).isEqualTo(Applied.Status.FENCED);
  }

  @Test
  void countsTheUsageOfAStaleHolderAndNothingElseOfIt() {
    RunReplica replica = RunReplica.of(RandomCommands.terms());
    replica.decide(RandomCommands.spawn(0, null), NOW);
    var agent = replica.agents().get(0).id();
    RunReplica.Decision<?> reserved =
        replica.decide(new Command.Reserve(agent, 7, "call", 100, BigDecimal.ONE), NOW);
    RunReplica.Decision<?> settled =
        replica.decide(new Command.Settle(agent, 7, "call", 10, 20, BigDecimal.ONE), NOW);

    assertThat(reserved.countsAnyway()).isFalse();
    assertThat(reserved.fenced()).isEqualTo(Applied.refused(Applied.Status.FENCED, "STALE_LEASE"));
    assertThat(settled.countsAnyway()).isTrue();
    assertThat(settled.fenced().status()).isEqualTo(Applied.Status.FENCED);
    assertThat(settled.fenced().sequence()).isEqualTo(3);
    assertThat(settled.fenced().value()).isPresent();
  }
}
