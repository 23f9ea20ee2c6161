// SPDX-License-Identifier: Apache-2.0
/**
 * What a run remembers so that it can go on after a suspension, a deploy or a crash. Backends
 * implement {@link io.agentgovernance.spi.CheckpointStore}.
 */
@NullMarked
package io.agentgovernance.checkpoint;

import org.jspecify.annotations.NullMarked;
