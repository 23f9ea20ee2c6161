// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit.redis;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts a {@link RedisServer}. Not thread safe; reusable. */
public final class RedisServerBuilder {
  private AppendOnly appendOnly = AppendOnly.OFF;
  private @Nullable String password;
  private boolean sentinel;
  private final List<String> lines = new ArrayList<>();

  RedisServerBuilder() {}

  /** Sets how it keeps what it was told. If unset, {@link AppendOnly#OFF}. */
  public RedisServerBuilder appendOnly(AppendOnly appendOnly) {
    this.appendOnly = requireNonNull(appendOnly, "appendOnly");
    return this;
  }

  /** Sets the password of its default user. If unset, none. */
  public RedisServerBuilder password(String password) {
    this.password = requireNonNull(password, "password");
    return this;
  }

  /**
   * Adds a user to its access control list.
   *
   * @param name the user
   * @param rules as {@code ACL SETUSER} takes them, such as {@code on >pw ~pipeline:* +@all}
   */
  public RedisServerBuilder user(String name, String rules) {
    return config("user", name + " " + rules);
  }

  /** Adds a line to its configuration. */
  public RedisServerBuilder config(String name, String value) {
    lines.add(requireNonNull(name, "name") + " " + requireNonNull(value, "value"));
    return this;
  }

  /** Makes it a sentinel, which watches servers and keeps nothing itself. */
  RedisServerBuilder sentinel() {
    sentinel = true;
    return this;
  }

  boolean isSentinel() {
    return sentinel;
  }

  AppendOnly appendOnly() {
    return appendOnly;
  }

  @Nullable String password() {
    return password;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /**
   * Starts it on a free port of the loopback interface and waits until it answers, ten seconds at
   * most.
   *
   * @throws IllegalStateException if there is no program for it or it does not start
   */
  public RedisServer start() {
    return RedisServer.start(this);
  }
}
