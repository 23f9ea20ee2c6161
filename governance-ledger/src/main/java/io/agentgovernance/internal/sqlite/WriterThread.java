// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.sqlite;

/**
 * The one thread that writes a file: a platform thread, because SQLite is native code, which would
 * pin a virtual one. It never waits for room in a queue, its own or that of another file.
 */
public final class WriterThread extends Thread {
  /** Makes a daemon: what was acknowledged is durable if the host ends without closing. */
  public WriterThread(Runnable writing, String name) {
    super(writing, name);
    setDaemon(true);
  }
}
