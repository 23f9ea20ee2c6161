// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentgovernance.BadInputException;
import io.agentgovernance.redis.RedisAddress.Host;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisAddressTest {

  @Test
  void readsAHostAPortADatabaseAndReferences() {
    RedisAddress address =
        RedisAddress.parse("rediss://redis.bank:6380/3?username=app&password=vault:services/redis");

    assertThat(address.tls()).isTrue();
    assertThat(address.hosts()).containsExactly(new Host("redis.bank", 6380));
    assertThat(address.database()).isEqualTo(3);
    assertThat(address.parameter("username")).isEqualTo("app");
    assertThat(address.parameter("password")).isEqualTo("vault:services/redis");
    assertThat(address).hasToString("rediss://redis.bank:6380");
  }

  @Test
  void knowsThePortThatIsLeftOut() {
    assertThat(RedisAddress.parse("redis://localhost").hosts())
        .containsExactly(new Host("localhost", 6379));
    assertThat(RedisAddress.parse("redis://[::1]").hosts()).containsExactly(new Host("::1", 6379));
  }

  @Test
  void readsNodesOfAClusterAndSentinels() {
    assertThat(RedisAddress.parse("redis://a:7000,b:7001,c:7002").hosts()).hasSize(3);
    RedisAddress sentinels = RedisAddress.parse("redis-sentinel://a,b:26380/1#main");

    assertThat(sentinels.sentinel()).isTrue();
    assertThat(sentinels.hosts()).containsExactly(new Host("a", 26379), new Host("b", 26380));
    assertThat(sentinels.master()).isEqualTo("main");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://host",
        "redis:host",
        "redis://",
        "redis://user:secret@host",
        "redis://host:0",
        "redis://host:99999",
        "redis://host/x",
        "redis://a,b/2",
        "redis://host?password=hunter2",
        "redis://host?password=env:A&password=env:B",
        "redis://host?nothing",
        "redis://host?protocol=%zz",
        "redis://host#main",
        "redis-sentinel://host"
      })
  void refusesWhatItCannotReadAndRepeatsNoSecret(String uri) {
    assertThatThrownBy(() -> RedisAddress.parse(uri))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("Redis URI")
        .message()
        .doesNotContain("hunter2")
        .doesNotContain("secret@");
  }

  @Test
  void takesOptionsFromTheUri() {
    RedisOptions options =
        RedisOptions.DEFAULT.with(
            RedisAddress.parse(
                "redis://host?protocol=resp2&topology=single&commandTimeout=500ms&leaseTtl=5s"
                    + "&keep=2d&keepFinished=10m&queueSize=100"));

    assertThat(options)
        .isEqualTo(
            new RedisOptions(
                Duration.ofMillis(500),
                100,
                RedisOptions.Protocol.RESP2,
                RedisOptions.Topology.SINGLE,
                Duration.ofSeconds(5),
                Duration.ofDays(2),
                Duration.ofMinutes(10)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "redis://host?leaseTtl=5",
        "redis://host?leaseTtl=0s",
        "redis://host?protocol=resp4",
        "redis://host?queueSize=0",
        "redis://host?queueSize=many",
        "redis://host?tinmeout=5s"
      })
  void refusesOptionsThatItDoesNotKnow(String uri) {
    assertThatThrownBy(() -> RedisOptions.DEFAULT.with(RedisAddress.parse(uri)))
        .isInstanceOf(BadInputException.class);
  }
}
