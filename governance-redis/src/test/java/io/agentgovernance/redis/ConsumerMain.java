// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.core.RunId;
import java.io.PrintStream;

/** Has an effect for each message and never comes to acknowledge it, until it is killed. */
final class ConsumerMain {
  private ConsumerMain() {}

  /** Arguments: the URI, the run, the group and the consumer's name. */
  public static void main(String[] args) throws InterruptedException {
    var out = new PrintStream(System.out, true, UTF_8);
    RedisMessageBus bus = RedisMessageBus.builder(args[0]).open();
    MessageConsumer unused =
        bus.consumer(RunId.of(args[1]), args[2], args[3])
            .onDead(dead -> out.println("dead " + dead.message().id() + " " + dead.attempt()))
            .start(
                delivery -> {
                  out.println("effect " + delivery.message().id() + " " + delivery.attempt());
                  forEver();
                });
    forEver();
  }

  private static void forEver() {
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
