// SPDX-License-Identifier: Apache-2.0
/**
 * What plugin authors implement. Providers are found with {@link java.util.ServiceLoader} and
 * selected by the scheme of the URI given to the builder, as JDBC drivers are: on the class path
 * means available, named means active.
 *
 * <p>Interfaces here grow only by default methods.
 */
@NullMarked
package io.agentgovernance.spi;

import org.jspecify.annotations.NullMarked;
