// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.agentgovernance.model.ChatModel;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.time.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

/** Providers that are found in jars of their own. */
abstract class Provided {
  static final ClassLoader OURS = Provided.class.getClassLoader();
  static final String FAKES = FakeProviders.class.getName() + "$";
  @TempDir Path folder;

  record Context(ClassLoader classLoader) implements ProviderContext {
    @Override
    public TimeSource time() {
      return TimeSource.system();
    }

    @Override
    public Map<String, String> settings() {
      return Map.of("lent", "yes");
    }
  }

  static ProviderUri uri(String text) {
    return ProviderUri.parse("model URI", text);
  }

  static ChatModel open(ClassLoader loader, String text) {
    return Providers.models(loader).open(uri(text), new Context(loader));
  }

  PluginLoader plugins(Class<?>... providers) throws IOException {
    return plugins(Map.of("a.jar", PluginLoader.lines(providers)));
  }

  PluginLoader plugins(Map<String, List<String>> jars) throws IOException {
    return PluginLoader.of(folder, ChatModelProvider.class, jars);
  }

  static Arguments model(String uri, String advice) {
    return arguments(Providers.models(OURS), uri, "local", advice);
  }

  static Arguments checkpoints(String uri, String advice) {
    return arguments(Providers.checkpointStores(OURS), uri, "memory", advice);
  }

  static Arguments ledger(String uri, String advice) {
    return arguments(Providers.ledgers(OURS), uri, "memory", advice);
  }

  String jar(String name) throws IOException {
    return folder.resolve(name).toUri().toURL().toString();
  }
}
