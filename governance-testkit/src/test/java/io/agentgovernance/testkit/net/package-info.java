// SPDX-License-Identifier: Apache-2.0
@NullMarked
package io.agentgovernance.testkit.net;

import org.jspecify.annotations.NullMarked;
