// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.spi.CoordinationProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvidersTest extends Provided {
  @Test
  void aProviderOpensWhatTheUriNamesWithWhatTheHostLends() throws IOException {
    try (var loader = plugins(FakeProviders.Good.class)) {
      assertThat(open(loader, "fake:a/b?c=d").name()).isEqualTo("a/b?c=d {lent=yes}");
      assertThat(open(loader, "local:x").name()).isEqualTo("local:x");
      assertThat(Providers.models(loader).schemes()).containsExactly("fake", "local");
    }
  }

  @Test
  void onlyTheGivenClassLoaderIsAsked() throws IOException {
    var before = Thread.currentThread().getContextClassLoader();
    try (var loader = plugins(FakeProviders.Good.class);
        var empty = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
      Thread.currentThread().setContextClassLoader(loader);

      assertThat(Providers.models(OURS).schemes()).containsExactly("local");
      assertThat(Providers.models(empty).schemes()).isEmpty();
      assertThatExceptionOfType(BadInputException.class)
          .isThrownBy(() -> open(empty, "memory2:"))
          .satisfies(
              problem ->
                  assertThat(problem.expected())
                      .isEqualTo(
                          "the scheme of a provider on the class path, which has none for a model"));
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  void nothingIsLoadedBeforeTheFirstQuestionAndThenOnce() {
    var asked = new AtomicInteger();
    var loader =
        new ClassLoader(OURS) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            asked.incrementAndGet();
            return super.getResources(name);
          }
        };

    var models = Providers.models(loader);
    assertThat(asked).hasValue(0);

    models.schemes();
    int once = asked.get();
    models.find(uri("local:"));
    models.schemes();
    assertThat(asked).hasValue(once).doesNotHaveValue(0);
  }

  @Test
  void theStoresInMemoryAreThere() {
    var context = new Context(OURS);
    var memory = ProviderUri.parse("x", "memory:");

    try (var first = Providers.coordinations(OURS).open(memory, context);
        var second = Providers.coordinations(OURS).open(memory, context);
        var checkpoints = Providers.checkpointStores(OURS).open(memory, context);
        var other = Providers.checkpointStores(OURS).open(memory, context);
        var ledger = Providers.ledgers(OURS).open(memory, context)) {
      assertThat(first).isNotSameAs(second);
      assertThat(checkpoints).isNotSameAs(other);
      assertThat(ledger).isNotNull();
    }
  }

  @Test
  void theStoresInMemoryTakeNoMore() {
    var context = new Context(OURS);
    var uri = ProviderUri.parse("x", "memory:s3cr3t");

    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> Providers.coordinations(OURS).open(uri, context))
        .withMessage(
            "coordination URI: found 'memory:' and 6 more characters, expected 'memory:'."
                + " Remove what follows the colon.");
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> Providers.checkpointStores(OURS).open(uri, context))
        .withMessage(
            "checkpoints URI: found 'memory:' and 6 more characters, expected 'memory:'."
                + " Remove what follows the colon.");
  }

  @ParameterizedTest
  @CsvSource({
    "runtime, java.lang.IllegalStateException",
    "checked, java.io.IOException",
    "linkage, java.lang.NoClassDefFoundError"
  })
  void aFailureToOpenNamesTheProviderAndKeepsTheCause(String rest, String cause)
      throws IOException {
    try (var loader = plugins(FakeProviders.Failing.class)) {
      assertThatExceptionOfType(GovernanceException.class)
          .isThrownBy(() -> open(loader, "failing:" + rest + "?password=vault:s3cr3t"))
          .withMessage(
              "model URI 'failing:%s?password=***': found %s from %sFailing (%s), expected a model."
                  + " See the cause, or the provider's documentation.",
              rest, cause, FAKES, jar("a.jar"))
          .satisfies(
              problem -> assertThat(problem.getCause().getClass().getName()).isEqualTo(cause));
    }
  }

  @Test
  void aProviderThatOpensNothingIsNamed() throws IOException {
    try (var loader = plugins(FakeProviders.Failing.class)) {
      assertThatExceptionOfType(GovernanceException.class)
          .isThrownBy(() -> open(loader, "failing:null"))
          .withMessageContaining("found null from " + FAKES + "Failing")
          .withNoCause();
    }
  }

  @Test
  void anInterruptionOfAnOpeningIsKept() throws IOException {
    try (var loader = plugins(FakeProviders.Failing.class)) {
      assertThatExceptionOfType(GovernanceException.class)
          .isThrownBy(() -> open(loader, "failing:interrupted"))
          .withCauseInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void whatTheProviderSaysOnPurposePassesThrough() throws IOException {
    try (var loader = plugins(FakeProviders.Failing.class)) {
      assertThatThrownBy(() -> open(loader, "failing:refused"))
          .isInstanceOf(BadInputException.class)
          .hasMessage("rest: found x, expected y. Write y.");
      assertThatThrownBy(() -> open(loader, "failing:error")).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void providersOfOneTypeDoNotAnswerForAnother() throws IOException {
    var lines = Map.of("a.jar", PluginLoader.lines(FakeProviders.Good.class));
    try (var loader = PluginLoader.of(folder, CoordinationProvider.class, lines)) {
      assertThat(Providers.models(loader).schemes()).containsExactly("local");
      assertThatExceptionOfType(BadInputException.class)
          .isThrownBy(() -> Providers.coordinations(loader).find(uri("fake:")))
          .withMessageContaining("not a subtype");
    }
  }

  @Test
  void theClassLoaderIsRequired() {
    assertThatNullPointerException().isThrownBy(() -> Providers.models(null));
    assertThatNullPointerException().isThrownBy(() -> Providers.ledgers(null));
    assertThatNullPointerException().isThrownBy(() -> Providers.coordinations(null));
    assertThatNullPointerException().isThrownBy(() -> Providers.checkpointStores(null));
  }
}
