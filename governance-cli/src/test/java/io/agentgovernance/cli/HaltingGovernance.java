// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.time.TimeSource;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.concurrent.Semaphore;

/** The command as a process whose model answers so many times and then no more. */
final class HaltingGovernance {
  private HaltingGovernance() {}

  public static void main(String[] args) {
    Semaphore answers = new Semaphore(Integer.parseInt(args[0]));
    ProcessInterrupts interrupts = ProcessInterrupts.install();
    Host host = Host.process(interrupts);
    ChatModel local = local();
    ChatModel halting =
        (request, exchange) -> {
          if (!answers.tryAcquire()) {
            host.err().println("model asked for the last time");
            new Semaphore(0).acquire();
          }
          return local.chat(request, exchange);
        };
    Host other =
        new Host(
            host.environment(),
            host.directory(),
            host.home(),
            host.in(),
            host.out(),
            host.err(),
            host.terminal(),
            interrupts,
            (builder, uris) -> builder.model("local:", halting));
    int exitCode = GovernanceCommand.execute(other, Arrays.copyOfRange(args, 1, args.length));
    interrupts.finished(exitCode);
    System.exit(exitCode);
  }

  private static ChatModel local() {
    return ServiceLoader.load(ChatModelProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.scheme().equals("local"))
        .findFirst()
        .orElseThrow()
        .open("", new Context());
  }

  private static final class Context implements ProviderContext {
    @Override
    public TimeSource time() {
      return TimeSource.system();
    }

    @Override
    public ClassLoader classLoader() {
      return HaltingGovernance.class.getClassLoader();
    }
  }
}
