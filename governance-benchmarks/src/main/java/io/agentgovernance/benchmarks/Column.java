// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How {@link BenchmarkReport} calls a benchmark method. Without it, the method's own name is used.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Column {

  /** The name to print. */
  String value();
}
