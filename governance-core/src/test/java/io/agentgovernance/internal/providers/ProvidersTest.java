// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.CoordinationProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.time.TimeSource;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProvidersTest {
  private static final ClassLoader OURS = ProvidersTest.class.getClassLoader();
  private static final String FAKES = FakeProviders.class.getName() + "$";

  @TempDir Path folder;

  private record Context(ClassLoader classLoader) implements ProviderContext {
    @Override
    public TimeSource time() {
      return TimeSource.system();
    }

    @Override
    public Map<String, String> settings() {
      return Map.of("lent", "yes");
    }
  }

  private static ProviderUri uri(String text) {
    return ProviderUri.parse("model URI", text);
  }

  private static ChatModel open(ClassLoader loader, String text) {
    return Providers.models(loader).open(uri(text), new Context(loader));
  }

  private PluginLoader plugins(Class<?>... providers) throws IOException {
    return plugins(Map.of("a.jar", PluginLoader.lines(providers)));
  }

  private PluginLoader plugins(Map<String, List<String>> jars) throws IOException {
    return PluginLoader.of(folder, ChatModelProvider.class, jars);
  }

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

  static Stream<Arguments> unknown() {
    return Stream.of(
        model("openrouter:v/m", "Add the Maven artifact io.agentgovernance:governance-openrouter"),
        model("openruoter:v/m", "Did you mean 'openrouter'? It needs the Maven artifact"),
        model("locla:", "Did you mean 'local'? If not, put the provider's jar"),
        model("vault:services/x", "'vault:' names a secret, not a model"),
        model("vault:services/x", "io.agentgovernance:governance-vault"),
        model("redis://h", "'redis:' does not open a model"),
        model("x:", "Put the provider's jar on the class path, or pass an instance"),
        model("xyzzy:", "Put the provider's jar on the class path, or pass an instance"),
        store("redis://h", "Add the Maven artifact io.agentgovernance:governance-redis,"),
        store("rediss://h", "Add the Maven artifact io.agentgovernance:governance-redis,"),
        store("reddis://h", "Did you mean 'redis'? It needs the Maven artifact"),
        store("memroy:", "Did you mean 'memory'? If not, put the provider's jar"),
        store("sqlite:l.db", "'sqlite:' does not open a coordination store"),
        checkpoints("sqlite:l.db", "Add the Maven artifact io.agentgovernance:governance-ledger"),
        checkpoints("redis://h", "Add the Maven artifact io.agentgovernance:governance-redis,"),
        ledger("sqlite:l.db", "Add the Maven artifact io.agentgovernance:governance-ledger,"),
        ledger("sqllite:l.db", "Did you mean 'sqlite'? It needs the Maven artifact"),
        ledger("redis://h", "'redis:' does not open an audit ledger"));
  }

  private static Arguments model(String uri, String advice) {
    return arguments(Providers.models(OURS), uri, "local", advice);
  }

  private static Arguments store(String uri, String advice) {
    return arguments(Providers.coordinations(OURS), uri, "memory", advice);
  }

  private static Arguments checkpoints(String uri, String advice) {
    return arguments(Providers.checkpointStores(OURS), uri, "memory", advice);
  }

  private static Arguments ledger(String uri, String advice) {
    return arguments(Providers.ledgers(OURS), uri, "memory", advice);
  }

  @ParameterizedTest(name = "{index} {1}: {3}")
  @MethodSource("unknown")
  void anUnknownSchemeListsTheKnownOnesAndSaysWhatToAdd(
      Providers<?, ?> providers, String uri, String known, String advice) {
    var text = uri + "?password=vault:s3cr3t";

    var problem =
        catchThrowableOfType(
            BadInputException.class, () -> providers.open(uri(text), new Context(OURS)));

    assertThat(problem.where()).isEqualTo("model URI");
    assertThat(problem.found())
        .isEqualTo("unknown scheme '" + uri.substring(0, uri.indexOf(':')) + "'");
    assertThat(problem.expected()).isEqualTo("one of " + known);
    assertThat(problem.advice()).contains(advice).doesNotEndWith(".");
    assertThat(problem.getMessage()).doesNotContain("s3cr3t");
  }

  @Test
  void twoProvidersOfASchemeAreNamedWithTheirJars() throws IOException {
    var jars =
        Map.of(
            "first.jar", PluginLoader.lines(FakeProviders.Good.class),
            "second.jar", PluginLoader.lines(FakeProviders.Twin.class));
    try (var loader = plugins(jars)) {
      var problem =
          catchThrowableOfType(BadInputException.class, () -> open(loader, "fake:s3cr3t"));

      assertThat(problem.where()).isEqualTo("model URI");
      assertThat(problem.found())
          .isEqualTo(
              "2 providers of scheme 'fake': %sGood (%s) and %sTwin (%s)"
                  .formatted(FAKES, jar("first.jar"), FAKES, jar("second.jar")));
      assertThat(problem.expected()).isEqualTo("one");
      assertThat(problem.advice()).startsWith("Remove all but one of these jars");
      assertThat(problem.getMessage()).doesNotContain("s3cr3t");
      assertThat(open(loader, "local:").name()).isEqualTo("local");
    }
  }

  @Test
  void aProviderListedInTwoJarsIsOne() throws IOException {
    var lines = PluginLoader.lines(FakeProviders.Good.class);
    try (var loader = plugins(Map.of("first.jar", lines, "second.jar", lines))) {
      assertThat(open(loader, "fake:x").name()).startsWith("x");
    }
  }

  private String jar(String name) throws IOException {
    return folder.resolve(name).toUri().toURL().toString();
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        arguments(FAKES + "Unmakeable", FAKES + "Unmakeable ("),
        arguments(FAKES + "Unmakeable", "a.jar): java.lang.IllegalStateException"),
        arguments(FAKES + "Mute", "a.jar): java.lang.UnsupportedOperationException"),
        arguments(FAKES + "Nameless", "a.jar): its scheme() is not a scheme"),
        arguments(FAKES + "Loud", "a.jar): its scheme() is not a scheme"),
        arguments(FAKES + "Hidden", FAKES + "Hidden"),
        arguments("com.bank.Missing", "Provider com.bank.Missing not found"),
        arguments(FakeProviders.class.getName(), "FakeProviders not a subtype"),
        arguments("not a class name", "Illegal configuration-file syntax"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("broken")
  void aBrokenProviderIsNamedWhenTheSchemeIsMissedAndHarmsNoOther(String line, String found)
      throws IOException {
    var good = PluginLoader.lines(FakeProviders.Failing.class);
    try (var loader = plugins(Map.of("a.jar", List.of(line), "b.jar", good))) {
      var problem = catchThrowableOfType(BadInputException.class, () -> open(loader, "fake:x"));

      assertThat(problem.found())
          .startsWith("unknown scheme 'fake' and providers that cannot be loaded: ")
          .contains(found);
      assertThat(problem.expected()).isEqualTo("one of failing, local");
      assertThat(problem.advice()).startsWith("Repair or remove those providers");
      assertThat(problem.getMessage()).doesNotContain(FakeProviders.SECRET);
      assertThat(problem.getCause() == null).isEqualTo(found.contains("scheme()"));
      assertThat(open(loader, "local:").name()).isEqualTo("local");
    }
  }

  @Test
  void aClassThatCannotBeLinkedIsNamed() throws IOException {
    try (var jars = plugins(FakeProviders.Twin.class);
        var withoutSupport = new URLClassLoader(new URL[] {jars.getURLs()[0]}, jars.getParent())) {
      assertThatExceptionOfType(BadInputException.class)
          .isThrownBy(() -> open(withoutSupport, "fake:x"))
          .withMessageContaining("java.lang.NoClassDefFoundError")
          .withMessageContaining("FakeProviders$Base")
          .withCauseInstanceOf(LinkageError.class);
    }
  }

  @Test
  void aClassLoaderThatCannotListItsFilesEndsTheSearch() {
    var loader =
        new ClassLoader(OURS) {
          @Override
          public Enumeration<URL> getResources(String name) throws IOException {
            throw new IOException("unreadable");
          }
        };

    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> open(loader, "local:"))
        .withMessageContaining("Error locating configuration files, expected the scheme")
        .withCauseInstanceOf(ServiceConfigurationError.class);
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
