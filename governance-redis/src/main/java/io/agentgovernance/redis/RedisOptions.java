// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to use a server. Immutable and thread safe; start with {@link #DEFAULT} and replace what
 * differs. Parameters of a URI with the same names come before what is set here: {@code
 * redis://host?leaseTtl=5s&protocol=resp2}.
 *
 * @param commandTimeout how long a call of the coordination may take with all its repetitions, and
 *     a single attempt of the others: checkpoints, messages and restoring a run are tried five
 *     times, and for five times as long; 2 s by default
 * @param queueSize how many commands may wait for their replies; 10,000 by default
 * @param protocol which protocol is spoken; RESP3 by default, RESP2 where the server has no other
 * @param topology whether the server is a cluster; asked of the server by default
 * @param leaseTtl how long a lease lasts without renewal; 10 s by default
 * @param keep how long the keys of a run that nobody writes to stay; 7 days by default
 * @param keepFinished how long the keys of a released run stay; 1 h by default
 */
public record RedisOptions(
    Duration commandTimeout,
    int queueSize,
    Protocol protocol,
    Topology topology,
    Duration leaseTtl,
    Duration keep,
    Duration keepFinished) {
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(3_650);

  /** What is used if nothing is said. */
  public static final RedisOptions DEFAULT =
      new RedisOptions(
          Duration.ofSeconds(2),
          10_000,
          Protocol.RESP3,
          Topology.DETECT,
          Duration.ofSeconds(10),
          Duration.ofDays(7),
          Duration.ofHours(1));

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Set<String> OTHER_PARAMETERS =
      Set.of(RedisAddress.USERNAME, RedisAddress.PASSWORD, RedisAddress.CA, "master");

  /** Which protocol is spoken. */
  public enum Protocol {
    /** The older protocol, which every server speaks. */
    RESP2,
    /** The newer protocol, of Redis 6 and later. */
    RESP3
  }

  /** Whether a server is a cluster. */
  public enum Topology {
    /** Asks the server. */
    DETECT,
    /** One server, or one master that sentinels name. */
    SINGLE,
    /** A cluster whose nodes name each other. */
    CLUSTER
  }

  /** Checks the ranges. */
  public RedisOptions {
    check("commandTimeout", commandTimeout);
    if (queueSize < 1) {
      throw bad("queueSize", String.valueOf(queueSize), "at least 1");
    }
    requireNonNull(protocol, "protocol");
    requireNonNull(topology, "topology");
    check("leaseTtl", leaseTtl);
    check("keep", keep);
    check("keepFinished", keepFinished);
  }

  private static void check(String name, Duration value) {
    requireNonNull(value, name);
    if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
      throw bad(name, value.toString(), "1 ms to 10 years");
    }
  }

  /** Returns these options with another timeout of commands. */
  public RedisOptions withCommandTimeout(Duration value) {
    return new RedisOptions(value, queueSize, protocol, topology, leaseTtl, keep, keepFinished);
  }

  /** Returns these options with another length of the queue. */
  public RedisOptions withQueueSize(int value) {
    return new RedisOptions(
        commandTimeout, value, protocol, topology, leaseTtl, keep, keepFinished);
  }

  /** Returns these options with another protocol. */
  public RedisOptions withProtocol(Protocol value) {
    return new RedisOptions(
        commandTimeout, queueSize, value, topology, leaseTtl, keep, keepFinished);
  }

  /** Returns these options with another topology. */
  public RedisOptions withTopology(Topology value) {
    return new RedisOptions(
        commandTimeout, queueSize, protocol, value, leaseTtl, keep, keepFinished);
  }

  /** Returns these options with another time to live of leases. */
  public RedisOptions withLeaseTtl(Duration value) {
    return new RedisOptions(
        commandTimeout, queueSize, protocol, topology, value, keep, keepFinished);
  }

  /** Returns these options with another time to live of runs that nobody writes to. */
  public RedisOptions withKeep(Duration value) {
    return new RedisOptions(
        commandTimeout, queueSize, protocol, topology, leaseTtl, value, keepFinished);
  }

  /** Returns these options with another time to live of released runs. */
  public RedisOptions withKeepFinished(Duration value) {
    return new RedisOptions(commandTimeout, queueSize, protocol, topology, leaseTtl, keep, value);
  }

  /** Returns these options with what the parameters of a URI say. */
  RedisOptions with(RedisAddress address) {
    RedisOptions options = this;
    for (var parameter : address.parameters().entrySet()) {
      options = options.with(parameter.getKey(), parameter.getValue());
    }
    return options;
  }

  private RedisOptions with(String name, String value) {
    return switch (name) {
      case "commandTimeout" -> withCommandTimeout(duration(name, value));
      case "leaseTtl" -> withLeaseTtl(duration(name, value));
      case "keep" -> withKeep(duration(name, value));
      case "keepFinished" -> withKeepFinished(duration(name, value));
      case "queueSize" -> withQueueSize(number(name, value));
      case "protocol" -> withProtocol(word(name, value, Protocol.values(), Protocol::valueOf));
      case "topology" -> withTopology(word(name, value, Topology.values(), Topology::valueOf));
      default -> {
        if (!OTHER_PARAMETERS.contains(name)) {
          throw RedisAddress.bad(
              "a parameter that is not known",
              "ca, commandTimeout, keep, keepFinished, leaseTtl, master, password, protocol,"
                  + " queueSize, topology or username");
        }
        yield this;
      }
    };
  }

  private static Duration duration(String name, String value) {
    Matcher found = DURATION.matcher(value);
    if (!found.matches()) {
      throw bad(name, "no duration", "a number and ms, s, m, h or d, such as 10s");
    }
    long number = Long.parseLong(found.group(1));
    return switch (found.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private static int number(String name, String value) {
    if (!value.matches("\\d{1,9}")) {
      throw bad(name, "no number", "a number of at most 9 digits");
    }
    return Integer.parseInt(value);
  }

  private static <T extends Enum<T>> T word(
      String name, String value, T[] known, Function<String, T> parse) {
    for (T one : known) {
      if (one.name().toLowerCase(Locale.ROOT).equals(value)) {
        return parse.apply(one.name());
      }
    }
    throw bad(name, "another word", Arrays.toString(known).toLowerCase(Locale.ROOT));
  }

  private static BadInputException bad(String name, String found, String expected) {
    return new BadInputException(
        "Redis option '" + name + "'", found, expected, "See docs/redis.md for all options");
  }
}
