// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.time.TimeSource;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class LocalChatModelProviderTest {
  @Test
  void isFoundByTheServiceLoader() {
    assertThat(ServiceLoader.load(ChatModelProvider.class))
        .extracting(ChatModelProvider::scheme)
        .containsExactly("local");
  }

  @Test
  void takesWhatFollowsTheColonForALabel() {
    var provider = new LocalChatModelProvider();

    try (var plain = provider.open("", context());
        var second = provider.open("second", context())) {
      assertThat(plain.name()).isEqualTo("local");
      assertThat(second.name()).isEqualTo("local:second");
    }
  }

  private static ProviderContext context() {
    return new ProviderContext() {
      @Override
      public TimeSource time() {
        return TimeSource.system();
      }

      @Override
      public ClassLoader classLoader() {
        return LocalChatModelProviderTest.class.getClassLoader();
      }
    };
  }
}
