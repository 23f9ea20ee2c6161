// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.functional;

import io.agentgovernance.ledger.Durability;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointStoreProvider;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.CoordinationProvider;
import io.agentgovernance.spi.ProviderContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stand-ins for the plugins that production names by URI, on a class path of their own. */
public final class ProductionProviders {
  private static final List<String> OPENED = new CopyOnWriteArrayList<>();
  private static volatile ChatModel model = Scenes.saying("nothing was scripted");

  private ProductionProviders() {}

  /** A class loader that finds these providers; what {@code openrouter:} opens answers as given. */
  static URLClassLoader loader(Path folder, ChatModel answering) {
    model = answering;
    OPENED.clear();
    register(folder, ChatModelProvider.class, OpenRouter.class);
    register(folder, CoordinationProvider.class, Redis.class);
    register(folder, CheckpointStoreProvider.class, RedisCheckpoints.class);
    try {
      return new URLClassLoader(
          new URL[] {folder.toUri().toURL()}, ProductionProviders.class.getClassLoader());
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What was opened, with the secrets that were read. */
  static List<String> opened() {
    return List.copyOf(OPENED);
  }

  private static void register(Path folder, Class<?> service, Class<?> provider) {
    try {
      Path services = Files.createDirectories(folder.resolve("META-INF/services"));
      Files.writeString(services.resolve(service.getName()), provider.getName() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void opened(String what, String rest, ProviderContext context) {
    String reference = rest.substring(rest.indexOf("password=") + "password=".length());
    int length = context.secrets().orElseThrow().read(reference).use(value -> value.length);
    OPENED.add(what + " " + reference + " " + length);
  }

  /** Opens {@code openrouter:}. */
  public static final class OpenRouter implements ChatModelProvider {
    @Override
    public String scheme() {
      return "openrouter";
    }

    @Override
    public ChatModel open(String rest, ProviderContext context) {
      OPENED.add("model " + rest);
      return model;
    }
  }

  /** Opens the coordination of {@code rediss:}. */
  public static final class Redis implements CoordinationProvider {
    @Override
    public String scheme() {
      return "rediss";
    }

    @Override
    public Coordination open(String rest, ProviderContext context) {
      opened("coordination", rest, context);
      return Backends.coordination(context.time());
    }
  }

  /** Opens the checkpoints of {@code rediss:}. */
  public static final class RedisCheckpoints implements CheckpointStoreProvider {
    @Override
    public String scheme() {
      return "rediss";
    }

    @Override
    public CheckpointStore open(String rest, ProviderContext context) {
      opened("checkpoints", rest, context);
      return new RecordedCheckpoints(Durability.DURABLE);
    }
  }
}
