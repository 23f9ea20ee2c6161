// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import io.agentgovernance.BadInputException;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.ProviderContext;
import java.io.IOException;

/** Plugins of a host, good and bad. */
final class FakeProviders {
  static final String SECRET = "s3cr3t";

  private FakeProviders() {}

  /** Names its models after what it was given. */
  public static class Good implements ChatModelProvider {
    @Override
    public String scheme() {
      return "fake";
    }

    @Override
    public ChatModel open(String rest, ProviderContext context) {
      return new Named(rest + " " + context.settings());
    }
  }

  /** A model with a name, in the plugin's jar. */
  public static final class Named implements ChatModel {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public ChatReply chat(ChatRequest request, Exchange exchange) {
      throw new UnsupportedOperationException();
    }
  }

  /** Has the same scheme as {@link Good}. */
  public static final class Twin extends Base {
    public Twin() {
      super("fake");
    }
  }

  /** Says no scheme. */
  public static final class Nameless extends Base {
    public Nameless() {
      super(null);
    }
  }

  /** Says a scheme that no URI can name. */
  public static final class Loud extends Base {
    public Loud() {
      super("FAKE");
    }
  }

  /** Cannot be made. */
  public static final class Unmakeable extends Base {
    public Unmakeable() {
      super("fake");
      throw new IllegalStateException(SECRET);
    }
  }

  /** Has no constructor for others. */
  public static final class Hidden extends Base {
    Hidden() {
      super("fake");
    }
  }

  /** Cannot say its scheme. */
  public static final class Mute extends Base {
    public Mute() {
      super("fake");
    }

    @Override
    public String scheme() {
      throw new UnsupportedOperationException(SECRET);
    }
  }

  /** Fails to open as the rest says. */
  public static final class Failing extends Base {
    public Failing() {
      super("failing");
    }

    @Override
    public ChatModel open(String rest, ProviderContext context) {
      return switch (rest.split("\\?", -1)[0]) {
        case "runtime" -> throw new IllegalStateException(SECRET);
        case "checked" -> throw FakeProviders.<RuntimeException>unchecked(new IOException(SECRET));
        case "interrupted" ->
            throw FakeProviders.<RuntimeException>unchecked(new InterruptedException());
        case "linkage" -> throw new NoClassDefFoundError("com/bank/Driver");
        case "error" -> throw new AssertionError("fatal");
        case "refused" -> throw new BadInputException("rest", "x", "y", "Write y");
        default -> null;
      };
    }
  }

  /** The rest of a provider. */
  public abstract static class Base implements ChatModelProvider {
    private final String scheme;

    Base(String scheme) {
      this.scheme = scheme;
    }

    @Override
    public String scheme() {
      return scheme;
    }

    @Override
    public ChatModel open(String rest, ProviderContext context) {
      return new Named(rest);
    }
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E unchecked(Throwable checked) throws E {
    throw (E) checked;
  }
}
