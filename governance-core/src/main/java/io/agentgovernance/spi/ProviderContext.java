// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import io.agentgovernance.time.TimeSource;

/**
 * What the host lends to a provider when it opens something. Thread safe; valid for as long as what
 * was opened. Grows by default methods only.
 */
public interface ProviderContext {
  /** Returns the time every wait and every time stamp comes from. */
  TimeSource time();

  /** Returns the loader for classes and resources that are named rather than passed. */
  ClassLoader classLoader();
}
