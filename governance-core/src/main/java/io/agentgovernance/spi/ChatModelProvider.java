// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.model.ChatModel;

/**
 * Makes models selected by URI, such as {@code openrouter:vendor/model}. Found with {@link
 * java.util.ServiceLoader}; needs a public constructor without parameters. Thread safe.
 */
public interface ChatModelProvider {
  /** Returns the URI scheme it answers to, in lower case, without the colon. */
  String scheme();

  /**
   * Opens a model without going to the network. The orchestrator that was given the URI closes it.
   *
   * @param rest everything after the first colon of the URI; opaque, may be empty
   * @param context what the host lends to plugins
   * @throws io.agentgovernance.BadInputException if {@code rest} names nothing it can open
   */
  ChatModel open(String rest, ProviderContext context);
}
