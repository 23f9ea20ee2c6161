// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentgovernance.checkpoint.Delta;
import io.agentgovernance.core.RunId;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ForwardingTest {

  @Test
  void everyCallOfARunStoreIsPassedOn() throws Exception {
    everyCallIsPassedOn(RunStore.class, real -> new ForwardingRunStore(real) {});
  }

  @Test
  void everyCallOfALedgerIsPassedOn() throws Exception {
    everyCallIsPassedOn(AuditLedger.class, real -> new ForwardingLedger(real) {});
  }

  @Test
  void everyCallOfACheckpointStoreIsPassedOn() throws Exception {
    everyCallIsPassedOn(CheckpointStore.class, real -> new ForwardingCheckpointStore(real) {});
  }

  @Test
  void anAppendThatIsBegunGoesTheWayOfAppend() {
    List<Long> appended = new ArrayList<>();
    var recorder =
        (InvocationHandler)
            (proxy, method, arguments) -> {
              throw new AssertionError(method);
            };
    CheckpointStore real =
        (CheckpointStore)
            Proxy.newProxyInstance(
                CheckpointStore.class.getClassLoader(),
                new Class<?>[] {CheckpointStore.class},
                recorder);
    CheckpointStore passes =
        new ForwardingCheckpointStore(real) {
          @Override
          public void append(RunId run, long epoch, List<Delta> deltas) {
            appended.add(epoch);
          }
        };
    List<String> told = new ArrayList<>();

    passes
        .begin(RunId.random(), 7, List.of(), why -> told.add(why == null ? "written" : "refused"))
        .await();

    assertThat(appended).containsExactly(7L);
    assertThat(told).containsExactly("written");
  }

  /** Each method is called with marked numbers, and must reach the other with the same ones. */
  private static <T> void everyCallIsPassedOn(Class<T> type, Function<T, T> forwarding)
      throws Exception {
    List<String> calls = new ArrayList<>();
    InvocationHandler recorder =
        (proxy, method, arguments) -> {
          calls.add(method.toGenericString() + Arrays.toString(arguments));
          return nothing(method.getReturnType());
        };
    T real =
        type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, recorder));
    T passes = forwarding.apply(real);
    for (Method method : type.getMethods()) {
      if (Modifier.isStatic(method.getModifiers()) || method.getName().equals("begin")) {
        continue; // the one method that goes another way, see below
      }
      Object[] arguments = new Object[method.getParameterCount()];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = marked(method.getParameterTypes()[i], i + 1);
      }
      calls.clear();

      Object unused = method.invoke(passes, arguments);

      assertThat(calls)
          .containsExactly(method.toGenericString() + Arrays.toString(recorded(arguments)));
    }
  }

  private static Object[] recorded(Object[] arguments) {
    return arguments.length == 0 ? null : arguments;
  }

  private static Object marked(Class<?> type, int mark) {
    if (type == long.class) {
      return (long) mark;
    }
    return type == int.class ? mark : null;
  }

  private static Object nothing(Class<?> type) {
    if (type == boolean.class) {
      return false;
    }
    return type == long.class ? 0L : null;
  }
}
