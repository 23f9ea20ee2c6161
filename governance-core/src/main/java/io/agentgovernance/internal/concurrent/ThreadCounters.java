// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.concurrent;

/**
 * How the threads stand at one moment.
 *
 * @param capacity how many permits there are
 * @param free permits nobody has
 * @param queued runs that wait for permits
 * @param running tasks started and not ended, without the abandoned ones
 * @param abandoned tasks given up whose threads have not ended
 * @param replaced how many of the abandoned have been replaced: that many threads there are beyond
 *     the capacity
 */
public record ThreadCounters(
    int capacity, int free, int queued, int running, int abandoned, int replaced) {}
