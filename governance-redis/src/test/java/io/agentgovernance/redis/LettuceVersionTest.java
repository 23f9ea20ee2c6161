// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.Test;

/** Some tests of this module run twice; this one says that they do so with two versions. */
class LettuceVersionTest {
  @Test
  void itIsTheVersionThatThisRunIsFor() {
    String jar = RedisClient.class.getProtectionDomain().getCodeSource().getLocation().getPath();

    assertThat(jar).contains("lettuce-core-" + System.getProperty("governance.lettuce", "7") + ".");
  }
}
