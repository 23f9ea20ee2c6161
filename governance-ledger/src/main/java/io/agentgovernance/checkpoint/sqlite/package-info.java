// SPDX-License-Identifier: Apache-2.0
/**
 * A checkpoint store in one SQLite file: what runs remember survives the death of their process.
 *
 * <p>Start with {@link io.agentgovernance.checkpoint.sqlite.SqliteCheckpointStore}, or name it by
 * URI: {@code sqlite:<path>}.
 */
@NullMarked
package io.agentgovernance.checkpoint.sqlite;

import org.jspecify.annotations.NullMarked;
