// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.agentgovernance.BadInputException;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said when the provider of a scheme is not found, or not alone. */
class ProviderSearchTest extends Provided {
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

  private static Arguments store(String uri, String advice) {
    return arguments(Providers.coordinations(OURS), uri, "memory", advice);
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
}
