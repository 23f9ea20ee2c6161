// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.agentgovernance.spi.AuditLedgerProvider;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.CheckpointStoreProvider;
import io.agentgovernance.spi.CoordinationProvider;
import io.agentgovernance.spi.SecretSourceProvider;
import java.util.ServiceLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceFilesTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("io.agentgovernance");

  @ParameterizedTest
  @ValueSource(
      classes = {
        AuditLedgerProvider.class,
        ChatModelProvider.class,
        CheckpointStoreProvider.class,
        CoordinationProvider.class,
        SecretSourceProvider.class
      })
  void everyProviderOfCoreIsRegistered(Class<?> service) {
    var written =
        CORE.stream()
            .filter(type -> type.isAssignableTo(service) && !type.isInterface())
            .filter(type -> !type.getModifiers().contains(JavaModifier.ABSTRACT))
            .map(type -> type.getName())
            .collect(toSet());

    var registered =
        ServiceLoader.load(service, service.getClassLoader()).stream()
            .map(provider -> provider.type().getName())
            .collect(toSet());

    assertThat(registered).isNotEmpty().isEqualTo(written);
  }
}
