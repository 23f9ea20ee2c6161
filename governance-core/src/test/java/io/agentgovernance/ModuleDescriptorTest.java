// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Provides;
import java.lang.module.ModuleDescriptor.Requires.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The module descriptor says the same as the class path does. */
class ModuleDescriptorTest {
  private static final Path CLASSES =
      Path.of(
          URI.create(
              Orchestrator.class.getProtectionDomain().getCodeSource().getLocation().toString()));

  @Test
  void whatTheModuleProvidesIsWhatTheServiceFilesName() throws IOException {
    Map<String, List<String>> provided =
        descriptor().provides().stream().collect(toMap(Provides::service, Provides::providers));

    assertThat(provided).isNotEmpty().isEqualTo(serviceFiles());
  }

  @Test
  void theModuleUsesEveryServiceItProvides() throws IOException {
    assertThat(descriptor().uses()).isEqualTo(serviceFiles().keySet());
  }

  @Test
  void everyPackageButTheInternalOnesIsExportedToEverybody() throws IOException {
    Set<String> open =
        new ClassFileImporter()
            .importPath(CLASSES).stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.isEmpty() && !name.contains(".internal"))
                .collect(toSet());

    Set<Exports> exported = descriptor().exports();

    assertThat(exported).extracting(Exports::source).containsExactlyInAnyOrderElementsOf(open);
    assertThat(exported).noneMatch(Exports::isQualified);
  }

  @Test
  void theAnnotationThatMakesComponentsOptionalIsThereAtRunTime() throws IOException {
    assertThat(descriptor().requires())
        .filteredOn(required -> required.name().equals("org.jspecify"))
        .singleElement()
        .satisfies(required -> assertThat(required.modifiers()).containsOnly(Modifier.TRANSITIVE));
  }

  private static ModuleDescriptor descriptor() throws IOException {
    try (InputStream compiled = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
      return ModuleDescriptor.read(compiled);
    }
  }

  private static Map<String, List<String>> serviceFiles() throws IOException {
    try (Stream<Path> files = Files.list(CLASSES.resolve("META-INF/services"))) {
      return files.collect(
          toMap(file -> file.getFileName().toString(), ModuleDescriptorTest::names));
    }
  }

  private static List<String> names(Path file) {
    try {
      return Files.readString(file, UTF_8).lines().filter(line -> !line.isBlank()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
