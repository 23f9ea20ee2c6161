// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.AuditLedgerProvider;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.CheckpointStore;
import io.agentgovernance.spi.CheckpointStoreProvider;
import io.agentgovernance.spi.Coordination;
import io.agentgovernance.spi.CoordinationProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.SecretSource;
import io.agentgovernance.spi.SecretSourceProvider;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The providers of one type that are on a class path; opens what a URI names.
 *
 * <p>Nothing is loaded before the first question; the answer is kept. A second provider of a scheme
 * and a provider that cannot be loaded matter only to those who name that scheme. Thread safe:
 * threads that ask first at the same time may each load the providers once.
 *
 * <pre>{@code
 * AuditLedger ledger = Providers.ledgers(loader)
 *     .open(ProviderUri.parse("ledger URI", "sqlite:/var/lib/bank/ledger.db"), context);
 * }</pre>
 *
 * @param <P> the provider's type
 * @param <T> what it opens
 */
public final class Providers<P, T> {
  private final Kind kind;
  private final Supplier<ServiceLoader<P>> loader;
  private final Function<P, String> scheme;
  private final Opener<P, T> opener;
  private volatile @Nullable ProviderIndex<P> index;

  @FunctionalInterface
  private interface Opener<P, T> {
    T open(P provider, String rest, ProviderContext context);
  }

  private Providers(
      Kind kind,
      Supplier<ServiceLoader<P>> loader,
      Function<P, String> scheme,
      Opener<P, T> opener) {
    this.kind = kind;
    this.loader = loader;
    this.scheme = scheme;
    this.opener = opener;
  }

  /** Returns the models that {@code loader} sees. */
  public static Providers<ChatModelProvider, ChatModel> models(ClassLoader loader) {
    requireNonNull(loader, "loader");
    return new Providers<>(
        Kind.MODEL,
        () -> ServiceLoader.load(ChatModelProvider.class, loader),
        ChatModelProvider::scheme,
        ChatModelProvider::open);
  }

  /** Returns the audit ledgers that {@code loader} sees. */
  public static Providers<AuditLedgerProvider, AuditLedger> ledgers(ClassLoader loader) {
    requireNonNull(loader, "loader");
    return new Providers<>(
        Kind.LEDGER,
        () -> ServiceLoader.load(AuditLedgerProvider.class, loader),
        AuditLedgerProvider::scheme,
        AuditLedgerProvider::open);
  }

  /** Returns the coordination stores that {@code loader} sees. */
  public static Providers<CoordinationProvider, Coordination> coordinations(ClassLoader loader) {
    requireNonNull(loader, "loader");
    return new Providers<>(
        Kind.COORDINATION,
        () -> ServiceLoader.load(CoordinationProvider.class, loader),
        CoordinationProvider::scheme,
        CoordinationProvider::open);
  }

  /** Returns the checkpoint stores that {@code loader} sees. */
  public static Providers<CheckpointStoreProvider, CheckpointStore> checkpointStores(
      ClassLoader loader) {
    requireNonNull(loader, "loader");
    return new Providers<>(
        Kind.CHECKPOINTS,
        () -> ServiceLoader.load(CheckpointStoreProvider.class, loader),
        CheckpointStoreProvider::scheme,
        CheckpointStoreProvider::open);
  }

  /** Returns the secret sources that {@code loader} sees. */
  public static Providers<SecretSourceProvider, SecretSource> secretSources(ClassLoader loader) {
    requireNonNull(loader, "loader");
    return new Providers<>(
        Kind.SECRETS,
        () -> ServiceLoader.load(SecretSourceProvider.class, loader),
        SecretSourceProvider::scheme,
        (provider, rest, context) -> provider.open(context));
  }

  /** Returns the schemes that have a provider, sorted. */
  public List<String> schemes() {
    return index().schemes();
  }

  /**
   * Returns the provider of a URI's scheme.
   *
   * @throws BadInputException if no provider has the scheme, or more than one
   */
  public P find(ProviderUri uri) {
    List<P> found = index().find(uri.scheme());
    if (found.isEmpty()) {
      throw unknown(uri);
    }
    if (found.size() > 1) {
      throw new BadInputException(
          uri.where(),
          "%d providers of scheme '%s': %s"
              .formatted(
                  found.size(),
                  uri.scheme(),
                  found.stream()
                      .map(provider -> ProviderIndex.place(provider.getClass()))
                      .collect(joining(" and "))),
          "one",
          "Remove all but one of these jars from the class path, or pass an instance");
    }
    return found.get(0);
  }

  /**
   * Opens what the URI names; whoever calls it closes that. Blocks for as long as the provider
   * does.
   *
   * @throws BadInputException if no provider has the scheme, or more than one, or as the provider
   *     says
   * @throws GovernanceException as the provider says; anything else it throws is the cause of one
   *     that names the provider and the URI without its secrets
   */
  public T open(ProviderUri uri, ProviderContext context) {
    P provider = find(uri);
    T opened;
    try {
      opened = opener.open(provider, uri.rest(), context);
    } catch (GovernanceException e) {
      throw e;
    } catch (Exception | LinkageError e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      // The message of the cause is not repeated: it may hold what the reference stood for.
      throw failed(uri, provider, e.getClass().getName() + " from", e);
    }
    if (opened == null) {
      throw failed(uri, provider, "null from", null);
    }
    return opened;
  }

  private GovernanceException failed(
      ProviderUri uri, P provider, String found, @Nullable Throwable cause) {
    return new GovernanceException(
        "%s '%s': found %s %s, expected %s. See the cause, or the provider's documentation."
            .formatted(
                uri.where(),
                uri.safe(),
                found,
                ProviderIndex.place(provider.getClass()),
                kind.noun()),
        cause);
  }

  private BadInputException unknown(ProviderUri uri) {
    List<String> schemes = schemes();
    String expected =
        schemes.isEmpty()
            ? "the scheme of a provider on the class path, which has none for " + kind.noun()
            : "one of " + String.join(", ", schemes);
    List<ProviderIndex.Broken> broken = index().broken();
    String found = "unknown scheme '" + uri.scheme() + "'";
    if (broken.isEmpty()) {
      String advice = KnownSchemes.advice(uri.scheme(), kind, schemes);
      return new BadInputException(uri.where(), found, expected, advice);
    }
    return new BadInputException(
        uri.where(),
        found
            + " and providers that cannot be loaded: "
            + broken.stream().map(ProviderIndex.Broken::what).collect(joining("; ")),
        expected,
        "Repair or remove those providers. " + KnownSchemes.advice(uri.scheme(), kind, schemes),
        broken.get(0).cause());
  }

  private ProviderIndex<P> index() {
    // No lock: constructors of providers are not our code.
    ProviderIndex<P> known = index;
    if (known == null) {
      known = ProviderIndex.read(loader.get(), scheme);
      index = known;
    }
    return known;
  }
}
