// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.ledger.sqlite.SqliteLedger;
import io.agentgovernance.openrouter.OpenRouterChatModel;
import io.agentgovernance.redis.RedisMessageBus;
import io.agentgovernance.secret.Log;
import io.agentgovernance.testkit.ManualTime;
import io.agentgovernance.vault.VaultSecretSource;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * All modules log through {@link Log}, which takes secrets out: no compiled class of theirs names
 * another way. What no example uses, such as the command, has no log lines; it is for people.
 */
class OneDoorToTheLogTest {
  private static final List<String> WAYS =
      List.of(
          "org/slf4j/Logger",
          "org/slf4j/event/",
          "java/lang/System$Logger",
          "java/util/logging/",
          "org/apache/logging/",
          "org/apache/commons/logging/",
          "io/netty/util/internal/logging/");

  @ParameterizedTest
  @ValueSource(
      classes = {
        Log.class,
        ManualTime.class,
        OpenRouterChatModel.class,
        RedisMessageBus.class,
        SqliteLedger.class,
        VaultSecretSource.class
      })
  void nobodyLogsPastIt(Class<?> ofModule) throws Exception {
    Set<String> found = whoLogs(ofModule);

    found.remove(Log.class.getName());
    assertThat(found).isEmpty();
  }

  /** The control: this module's tests do log past it. */
  @Test
  void whoeverDoesIsFound() throws Exception {
    assertThat(whoLogs(Log.class)).containsExactly(Log.class.getName());
    assertThat(whoLogs(CapturedLogs.class)).contains(CapturedLogs.class.getName());
  }

  /** The classes of a module, named by one of them, that name a way to log. */
  private static Set<String> whoLogs(Class<?> ofModule) throws IOException, URISyntaxException {
    Path place = Path.of(ofModule.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      return whoLogs(place, ofModule);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return whoLogs(jar.getPath("/"), ofModule);
    }
  }

  private static Set<String> whoLogs(Path root, Class<?> ofModule) throws IOException {
    Set<String> found = new TreeSet<>();
    List<Path> classes;
    try (Stream<Path> files = Files.walk(root)) {
      classes = files.filter(file -> file.toString().endsWith(".class")).toList();
    }
    assertThat(classes).hasSizeGreaterThan(5);
    assertThat(classes.stream().map(file -> name(root, file))).contains(ofModule.getName());
    for (Path file : classes) {
      String constants = new String(Files.readAllBytes(file), ISO_8859_1);
      if (WAYS.stream().anyMatch(constants::contains)) {
        found.add(name(root, file));
      }
    }
    return found;
  }

  private static String name(Path root, Path file) {
    String path = root.relativize(file).toString().replace('\\', '/').replace('/', '.');
    return path.substring(0, path.length() - ".class".length());
  }
}
