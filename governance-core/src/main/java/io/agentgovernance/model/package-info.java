// SPDX-License-Identifier: Apache-2.0
/**
 * What an agent says to a language model and what it hears back.
 *
 * <p>Agents start with {@link io.agentgovernance.model.Prompt}; to connect a model implement {@link
 * io.agentgovernance.model.ChatModel} and, to select it by URI, {@code
 * io.agentgovernance.spi.ChatModelProvider}.
 */
@NullMarked
package io.agentgovernance.model;

import org.jspecify.annotations.NullMarked;
