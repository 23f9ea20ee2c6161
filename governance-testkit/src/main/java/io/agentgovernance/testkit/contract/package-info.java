// SPDX-License-Identifier: Apache-2.0
/**
 * What every implementation of a plugin interface must do, as tests to inherit. They need JUnit
 * Jupiter and AssertJ, which the rest of the kit does not.
 */
@NullMarked
package io.agentgovernance.testkit.contract;

import org.jspecify.annotations.NullMarked;
