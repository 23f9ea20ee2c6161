// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.testkit.net.FaultProxy;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How a network is cut in two. */
enum Partition {
  /** Every packet is lost, and connections stay. */
  SILENT {
    @Override
    void begin(FaultProxy proxy) {
      proxy.hold();
    }
  },
  /** Connections end, and none can be made. */
  REFUSED {
    @Override
    void begin(FaultProxy proxy) {
      proxy.refuse();
    }
  };

  abstract void begin(FaultProxy proxy);

  /** Cuts it for so long by the clock, which is what such a test is about, and heals it. */
  void lasting(FaultProxy proxy, Duration length) {
    begin(proxy);
    pass(length);
    proxy.heal();
  }

  /** Lets so much time pass by the clock: an input of the test, and no way to wait for anything. */
  static void pass(Duration length) {
    long until = System.nanoTime() + length.toNanos();
    for (long left = length.toNanos(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
