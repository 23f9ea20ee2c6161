// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import dev.langchain4j.agentic.AgenticServices;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.bsc.langgraph4j.StateGraph;
import org.openjdk.jmh.runner.Runner;

/** What a figure was measured on and with, without the name of the machine. */
final class Environment {

  private Environment() {}

  static String describe() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    return String.format(
        Locale.ROOT,
        "%s, %d processors (load %.1f at this point), %s %s; %s %s, heap at most %d MiB; %s, %s, %s; %s",
        processor(),
        system.getAvailableProcessors(),
        system.getSystemLoadAverage(),
        system.getName(),
        system.getArch(),
        System.getProperty("java.vm.name"),
        Runtime.version(),
        Runtime.getRuntime().maxMemory() >> 20,
        LibraryJar.of(StateGraph.class).name(),
        LibraryJar.of(AgenticServices.class).name(),
        LibraryJar.of(Runner.class).name(),
        Instant.now().truncatedTo(ChronoUnit.MINUTES));
  }

  private static String processor() {
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown processor");
    } catch (IOException e) {
      return "unknown processor";
    }
  }
}
