#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the benchmarks and runs one of them. Results: governance-benchmarks/target/results.
#   ./governance-benchmarks/run.sh two-agents          all columns, three forks each (minutes)
#   ./governance-benchmarks/run.sh two-agents quick    one short fork each (under a minute)
#   ./governance-benchmarks/run.sh two-agents -f 5     any option of JMH
#   ./governance-benchmarks/run.sh behaviour           what each library does when things go wrong
#   ./governance-benchmarks/run.sh policy              a decision of the policy chain, 1 to 100 rules
#   ./governance-benchmarks/run.sh deadline            how long after its deadline a run returns
#   ./governance-benchmarks/run.sh ledger              entries/s of the ledger on SQLite (minutes; or: ledger quick)
#   ./governance-benchmarks/run.sh checkpoints         appends/s of the checkpoint store on SQLite (a minute; or: checkpoints quick)
#   ./governance-benchmarks/run.sh bus                 from publishing to the handler, beside plain Pub/Sub (a minute; or: bus quick)
#   ./governance-benchmarks/run.sh redis               writes, votes and leases on Redis beside bare commands and Redisson (minutes; or: redis quick)
#   ./governance-benchmarks/run.sh redis rounds=0 runs=1000   only: what so many runs at once need of a server
#   ./governance-benchmarks/run.sh durable-steps       durable steps per second beside DBOS and LangGraph4j; resume
#   ./governance-benchmarks/run.sh step-costs          where the processor time of a durable step goes (or: step-costs dbos)
#   ./governance-benchmarks/run.sh openrouter          the streaming client beside OkHttp, a line reader and Jackson
#   ./governance-benchmarks/run.sh waiting             heap of a run that waits (JDK 21 or newer)
#   ./governance-benchmarks/run.sh report FILE         prints the JSON of an earlier run again
set -euo pipefail

module=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(dirname "$module")
results=$module/target/results
package=io.agentgovernance.benchmarks

case "${1:-}" in
  two-agents) main=TwoAgentsRun ;;
  behaviour) main=BehaviourTable ;;
  policy) main=PolicyDecisionRun ;;
  deadline) main=DeadlineBenchmark ;;
  ledger) main=LedgerBenchmark ;;
  checkpoints) main=CheckpointBenchmark ;;
  bus) main=BusBenchmark ;;
  redis) main=RedisBenchmark ;;
  durable-steps) main=DurableSteps ;;
  step-costs) main=StepCosts ;;
  openrouter) main=OpenRouterBenchmark ;;
  waiting) main=WaitingRuns ;;
  report) main=BenchmarkReport ;;
  *)
    sed -n '3,18s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
shift

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
out=$module/target/quick
rm -rf "$out/lib" "$out"/governance-benchmarks-*.jar
(cd "$root" && ./mvnw -q -B -Dquick -pl governance-benchmarks -am package </dev/null)
exec "$java" -Dresults="$results" -cp "$(echo "$out"/governance-benchmarks-*.jar):$out/lib/*" "$package.$main" "$@"
