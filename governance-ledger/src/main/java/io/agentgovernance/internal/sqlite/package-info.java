// SPDX-License-Identifier: Apache-2.0
/** What the stores on SQLite have in common: where files may be, who writes them, and how. */
@NullMarked
package io.agentgovernance.internal.sqlite;

import org.jspecify.annotations.NullMarked;
