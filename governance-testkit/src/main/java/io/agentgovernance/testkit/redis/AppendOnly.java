// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.redis;

/** How a server keeps what it was told. */
public enum AppendOnly {
  /** In memory. A restart begins with nothing. */
  OFF("appendonly no"),

  /** In a file that is on stable storage a second later at most. */
  EVERY_SECOND("appendonly yes\nappendfsync everysec"),

  /** In a file, on stable storage before the answer. */
  ALWAYS("appendonly yes\nappendfsync always");

  private final String config;

  AppendOnly(String config) {
    this.config = config;
  }

  String config() {
    return config;
  }
}
