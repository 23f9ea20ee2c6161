// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.coordination.AgentState;
import io.agentgovernance.coordination.Lease;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.ProjectId;
import io.agentgovernance.core.RedisKeys;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.secret.Log;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys that people and tools look at, for the default tenant only. Nobody waits for them, they
 * are never read back, and a failure is a line in the debug log. Thread safe.
 */
final class Projections {
  private static final Log log = Log.of(Projections.class);

  private final RedisConnections connections;
  private final RunId run;
  private final boolean on;
  private final Set<AgentId> known = ConcurrentHashMap.newKeySet();

  Projections(RedisConnections connections, TenantId tenant, RunId run) {
    this.connections = connections;
    this.run = run;
    this.on = tenant.equals(TenantId.DEFAULT);
  }

  /** What the hash of agents shows of one: {@code RUNNING EXECUTE}. */
  static String text(AgentState agent) {
    AgentPhase phase = agent.phase();
    return phase == null ? agent.status().name() : agent.status() + " " + phase;
  }

  private RedisClusterAsyncCommands<String, String> commands() {
    return connections.commands();
  }

  private Duration keep() {
    return connections.options().keep();
  }

  /** Shows what has become of agents. */
  void agents(List<AgentState> agents) {
    if (!on) {
      return;
    }
    for (AgentState agent : agents) {
      String key = RedisKeys.agentState(agent.id());
      Map<String, String> fields = new LinkedHashMap<>();
      fields.put("run", run.value());
      fields.put("role", agent.role().name());
      fields.put("status", agent.status().name());
      AgentPhase phase = agent.phase();
      fields.put("phase", phase == null ? "" : phase.name());
      ignore(commands().hset(key, fields));
      ignore(commands().pexpire(key, keep()));
      if (known.add(agent.id())) {
        ignore(commands().sadd(project(), agent.id().value()));
        ignore(commands().pexpire(project(), keep()));
      }
    }
  }

  private String project() {
    return RedisKeys.projectAgents(ProjectId.of(run.value()));
  }

  private boolean shows(String resource) {
    return on && !resource.equals(Lease.COORDINATOR) && resource.startsWith(run.value());
  }

  void acquired(Lease lease) {
    if (shows(lease.resource())) {
      String text = lease.owner() + " " + lease.token();
      long ttl = Math.min(lease.ttl().toMillis(), keep().toMillis());
      ignore(commands().set(lock(lease), text, SetArgs.Builder.px(Math.max(1, ttl))));
    }
  }

  void renewed(Lease lease) {
    if (shows(lease.resource())) {
      ignore(commands().pexpire(lock(lease), lease.ttl()));
    }
  }

  void released(Lease lease) {
    if (shows(lease.resource())) {
      ignore(commands().del(lock(lease)));
    }
  }

  private static String lock(Lease lease) {
    return RedisKeys.agentLock(AgentId.of(lease.resource()));
  }

  /** Keeps what is shown of a run that goes on. */
  void keepOn(List<AgentState> agents) {
    keep(agents, keep());
  }

  /** Lets what is shown of a run that has ended expire soon; nobody holds its agents any more. */
  void finish(List<AgentState> agents) {
    keep(agents, connections.options().keepFinished());
    if (on) {
      agents.forEach(agent -> ignore(commands().del(RedisKeys.agentLock(agent.id()))));
    }
  }

  private void keep(List<AgentState> agents, Duration time) {
    ignore(commands().pexpire(RedisKeys.tenantOf(run), time));
    if (on) {
      agents.forEach(agent -> ignore(commands().pexpire(RedisKeys.agentState(agent.id()), time)));
      ignore(commands().pexpire(project(), time));
    }
  }

  private void ignore(CompletionStage<?> reply) {
    reply.whenComplete(
        (done, thrown) -> {
          if (thrown != null) {
            log.debug("run {}: a projection was not written", run, thrown);
          }
        });
  }
}
