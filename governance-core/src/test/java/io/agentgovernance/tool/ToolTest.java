// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.Principal;
import io.agentgovernance.core.TrustTier;
import io.agentgovernance.model.ToolSpec;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ToolTest {
  private static final ToolCall CALL = new FixedCall();

  private final AtomicInteger calls = new AtomicInteger();
  private final Tool exposure =
      Tool.of(
          "exposure",
          CustomerId.class,
          Exposure.class,
          (in, call) -> {
            calls.incrementAndGet();
            return new Exposure(in.id() + "/" + call.idempotencyKey(), 42);
          });

  @Test
  void readsItsInputAndWritesItsOutput() throws Exception {
    Payload output = exposure.call(Payload.json("{\"id\":\"c-7\"}"), CALL);

    assertThat(output.read(Exposure.class)).isEqualTo(new Exposure("c-7/key", 42));
  }

  @Test
  void doesNotRunOnInputThatMissesTheSchema() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> exposure.call(Payload.json("{\"id\":7}"), CALL))
        .withMessageContaining("tool 'exposure'")
        .withMessageContaining("/id");
    assertThat(calls).hasValue(0);
  }

  @Test
  void doesNotRunOnArgumentsThatAreNotJson() {
    assertThatExceptionOfType(BadInputException.class)
        .isThrownBy(() -> exposure.call(Payload.text("{\"id\": c-7"), CALL));
    assertThat(calls).hasValue(0);
  }

  @Test
  void throwsWhatItsBodyThrows() {
    Tool broken =
        Tool.of(
            "broken",
            CustomerId.class,
            Exposure.class,
            (in, call) -> {
              throw new IOException("no route to host");
            });

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> broken.call(Payload.of(new CustomerId("x")), CALL));
  }

  @Test
  void isSuspiciousUnlessTold() {
    assertThat(exposure.effect()).isEqualTo(Effect.ONCE);
    assertThat(exposure.tier()).isEqualTo(TrustTier.T3);
    assertThat(exposure.timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(exposure.spec().description()).isEmpty();
  }

  @Test
  void isChangedByCopying() {
    Tool told =
        exposure
            .describe("Total exposure of one customer")
            .effect(Effect.READ)
            .requires(TrustTier.T1)
            .timeout(Duration.ofSeconds(2));

    assertThat(told.spec())
        .isEqualTo(
            new ToolSpec(
                "exposure", "Total exposure of one customer", Schema.of(CustomerId.class)));
    assertThat(told.effect()).isEqualTo(Effect.READ);
    assertThat(told.tier()).isEqualTo(TrustTier.T1);
    assertThat(told.timeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(exposure.effect()).isEqualTo(Effect.ONCE);
  }

  @Test
  void mayHaveAShapeKnownOnlyAtRunTime() throws Exception {
    var spec =
        new ToolSpec("echo", "", Schema.parse("{\"type\":\"object\",\"required\":[\"text\"]}"));
    Tool echo = Tool.of(spec, (in, call) -> in);
    Payload input = Payload.json("{\"text\":\"hi\"}");

    assertThat(echo.call(input, CALL)).isEqualTo(input);
  }

  @Test
  void refusesANameProvidersDoNotTake() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tool.of("two words", CustomerId.class, String.class, (in, call) -> ""))
        .withMessageContaining("two words");
  }

  @Test
  void refusesATimeoutThatIsNotPositive() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> exposure.timeout(Duration.ZERO))
        .withMessageContaining("tool 'exposure'");
  }

  @Test
  void onlyOnceIsNotRepeatable() {
    assertThat(Effect.READ.repeatable()).isTrue();
    assertThat(Effect.IDEMPOTENT.repeatable()).isTrue();
    assertThat(Effect.ONCE.repeatable()).isFalse();
  }

  record CustomerId(String id) {}

  record Exposure(String customer, int total) {}

  private static final class FixedCall implements ToolCall {
    @Override
    public String idempotencyKey() {
      return "key";
    }

    @Override
    public Duration remaining() {
      return Duration.ofSeconds(1);
    }

    @Override
    public Principal principal() {
      return Principal.system("test");
    }

    @Override
    public void onAbort(Runnable hook) {}

    @Override
    public boolean aborted() {
      return false;
    }
  }
}
