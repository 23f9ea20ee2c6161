// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.examples;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Takes long: {@code ./mvnw verify -Psoak}. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(named = "governance.soak", matches = "true", disabledReason = "takes long")
@interface Soak {}
