// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import io.agentgovernance.secret.Log;
import java.net.URL;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The providers of one type that a class loader has, by scheme, and those it could not load.
 * Immutable once read.
 *
 * @param <P> the provider's type
 */
final class ProviderIndex<P> {
  private static final Log log = Log.of(ProviderIndex.class);

  /** A service loader that cannot list its files fails for ever. */
  private static final int MAX_FAILURES = 100;

  private final TreeMap<String, List<P>> providers = new TreeMap<>();
  private final List<Broken> broken = new ArrayList<>();

  /** A provider that could not be loaded, and what it threw, if it did. */
  record Broken(String what, @Nullable Throwable cause) {}

  private ProviderIndex() {}

  /**
   * Loads them all. One that is broken does no harm to the others: it is logged, and named when a
   * scheme is not found.
   */
  static <P> ProviderIndex<P> read(ServiceLoader<P> loader, Function<P, String> scheme) {
    var index = new ProviderIndex<P>();
    Iterator<ServiceLoader.Provider<P>> found = loader.stream().iterator();
    boolean more = true;
    int failures = 0;
    while (more && failures < MAX_FAILURES) {
      try {
        more = found.hasNext();
        if (more) {
          index.add(found.next(), scheme);
        }
      } catch (ServiceConfigurationError | LinkageError e) {
        failures++;
        index.broken(e instanceof LinkageError ? e.toString() : String.valueOf(e.getMessage()), e);
      }
    }
    return index;
  }

  private void add(ServiceLoader.Provider<P> found, Function<P, String> schemeOf) {
    String name = place(found.type());
    try {
      P provider = found.get();
      String scheme = schemeOf.apply(provider);
      if (scheme == null || !ProviderUri.isScheme(scheme)) {
        broken(name + ": its scheme() is not a scheme", null);
      } else {
        providers.computeIfAbsent(scheme, any -> new ArrayList<>(1)).add(provider);
      }
    } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      broken(name + ": " + reason.getClass().getName(), e);
    }
  }

  private void broken(String what, @Nullable Throwable cause) {
    if (broken.stream().noneMatch(known -> known.what().equals(what))) {
      log.warn("a provider cannot be loaded: {}", what);
      log.debug("what it threw", cause);
      broken.add(new Broken(what, cause));
    }
  }

  /** Returns the providers of a scheme; more than one is a mistake of the host. */
  List<P> find(String scheme) {
    return providers.getOrDefault(scheme, List.of());
  }

  /** Returns the schemes, sorted. */
  List<String> schemes() {
    return List.copyOf(providers.keySet());
  }

  List<Broken> broken() {
    return List.copyOf(broken);
  }

  /** Returns the name of a class with the jar or folder it came from. */
  static String place(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    return type.getName() + " (" + (location == null ? "no code source" : location) + ")";
  }
}
