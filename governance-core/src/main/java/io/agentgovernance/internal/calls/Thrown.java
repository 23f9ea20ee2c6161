// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.calls;

/** Says what foreign code threw without its message, which may hold secrets or prompt text. */
final class Thrown {
  private Thrown() {}

  /** Class and place, as in {@code java.lang.IllegalStateException at a.B.c(B.java:12)}. */
  static String where(Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return e.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
  }
}
