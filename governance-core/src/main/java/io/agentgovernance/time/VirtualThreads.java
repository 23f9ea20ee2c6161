// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.time;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Makes virtual threads from code compiled for a JDK that has none. Thread safe. */
final class VirtualThreads {

  /** JDK 19 and 20 have the methods, but calling them fails unless preview is enabled. */
  private static final int FIRST_FEATURE_RELEASE = 21;

  /** {@code String -> ThreadFactory}, or null if this JDK has no virtual threads. */
  private static final @Nullable MethodHandle FACTORY = findFactory();

  private VirtualThreads() {}

  static boolean available() {
    return FACTORY != null;
  }

  /** Makes a factory of virtual threads named with the prefix and a number that starts at 1. */
  static ThreadFactory factory(String prefix) {
    MethodHandle factory = FACTORY;
    if (factory == null) {
      throw new IllegalStateException("JDK " + Runtime.version() + " has no virtual threads");
    }
    try {
      return (ThreadFactory) factory.invokeExact(prefix);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("Thread.ofVirtual declares no checked exception", e);
    }
  }

  /** Thread.ofVirtual().name(prefix, 1).inheritInheritableThreadLocals(false).factory(). */
  private static @Nullable MethodHandle findFactory() {
    if (Runtime.version().feature() < FIRST_FEATURE_RELEASE) {
      return null;
    }
    try {
      MethodHandles.Lookup lookup = MethodHandles.publicLookup();
      Class<?> builder = Class.forName("java.lang.Thread$Builder$OfVirtual");
      MethodHandle ofVirtual = lookup.findStatic(Thread.class, "ofVirtual", methodType(builder));
      MethodHandle name =
          lookup.findVirtual(builder, "name", methodType(builder, String.class, long.class));
      MethodHandle inherit =
          lookup.findVirtual(
              builder, "inheritInheritableThreadLocals", methodType(builder, boolean.class));
      MethodHandle factory =
          lookup.findVirtual(builder, "factory", methodType(ThreadFactory.class));

      MethodHandle named = MethodHandles.insertArguments(name, 2, 1L);
      named = MethodHandles.foldArguments(named, ofVirtual);
      named =
          MethodHandles.filterReturnValue(named, MethodHandles.insertArguments(inherit, 1, false));
      return MethodHandles.filterReturnValue(named, factory)
          .asType(methodType(ThreadFactory.class, String.class));
    } catch (NoSuchMethodException | IllegalAccessException | ClassNotFoundException e) {
      return null;
    }
  }
}
