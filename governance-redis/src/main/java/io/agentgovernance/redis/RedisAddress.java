// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import io.agentgovernance.BadInputException;
import java.io.File;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and how to log in, as a URI says it:
 *
 * <pre>
 * redis://host[:port][/database][?parameter=value…]
 * rediss://host[:port]…                               with TLS
 * redis://host1:port,host2:port…                      nodes of a cluster
 * redis-sentinel://host1:port,host2:port[/database]#master
 * </pre>
 *
 * <p>Credentials are references: {@code ?username=orchestrator&password=vault:services/redis}.
 * Immutable and thread safe.
 *
 * @param tls whether the connection is encrypted
 * @param sentinel whether the hosts are sentinels
 * @param hosts at least one
 * @param database the number of the database, 0 unless named
 * @param master the name of the master that the sentinels watch; empty without sentinels
 * @param parameters what follows the question mark, decoded
 */
record RedisAddress(
    boolean tls,
    boolean sentinel,
    List<Host> hosts,
    int database,
    String master,
    Map<String, String> parameters) {
  static final String USERNAME = "username";
  static final String PASSWORD = "password";
  static final String CA = "ca";

  private static final int PORT = 6379;
  private static final int SENTINEL_PORT = 26379;
  private static final Pattern HOST =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:\\[\\]]+)(?::(\\d{1,5}))?");
  private static final Pattern REFERENCE = Pattern.compile("[a-z][a-z0-9+.-]*:.+");
  private static final Set<String> SCHEMES =
      Set.of("redis", "rediss", "redis-sentinel", "rediss-sentinel");

  /** A host and a port. */
  record Host(String name, int port) {}

  RedisAddress {
    hosts = List.copyOf(hosts);
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads a URI.
   *
   * @throws BadInputException if it is none; the message repeats no part that may be a secret
   */
  static RedisAddress parse(String uri) {
    int colon = uri.indexOf(':');
    String scheme = colon < 0 ? "" : uri.substring(0, colon);
    if (!SCHEMES.contains(scheme)) {
      throw bad("another scheme", "one of " + SCHEMES.stream().sorted().toList());
    }
    return parse(scheme, uri.substring(colon + 1));
  }

  /** Reads what follows the first colon of a URI. */
  static RedisAddress parse(String scheme, String rest) {
    if (!rest.startsWith("//")) {
      throw bad("no '//' after the scheme", scheme + "://host:port");
    }
    boolean sentinel = scheme.endsWith("-sentinel");
    String text = rest.substring(2);
    int hash = text.indexOf('#');
    String fragment = hash < 0 ? "" : text.substring(hash + 1);
    text = hash < 0 ? text : text.substring(0, hash);
    int question = text.indexOf('?');
    Map<String, String> parameters =
        question < 0 ? Map.of() : parameters(text.substring(question + 1));
    text = question < 0 ? text : text.substring(0, question);
    int slash = text.indexOf('/');
    int database = slash < 0 ? 0 : database(text.substring(slash + 1));
    List<Host> hosts = hosts(slash < 0 ? text : text.substring(0, slash), sentinel);
    String master = fragment.isEmpty() ? parameters.getOrDefault("master", "") : fragment;
    if (sentinel == master.isEmpty()) {
      throw sentinel
          ? bad("no name of a master", "#<name> at the end, as the sentinels call it")
          : bad("a '#' and a name", "no name of a master, or the scheme redis-sentinel");
    }
    if (hosts.size() > 1 && !sentinel && database != 0) {
      throw bad("database " + database + " of a cluster", "no database: clusters have only 0");
    }
    boolean tls = scheme.startsWith("rediss");
    return new RedisAddress(tls, sentinel, hosts, database, master, checked(tls, parameters));
  }

  /** The file of a parameter that names one. */
  static File file(String path) {
    File file = new File(path);
    if (!file.canRead()) {
      throw bad(
          "ca=" + path + ", which is no file that can be read",
          "the path of a PEM file with the certificates to trust");
    }
    return file;
  }

  private static Map<String, String> checked(boolean tls, Map<String, String> parameters) {
    if (!tls && parameters.containsKey(CA)) {
      throw bad("ca, and no TLS", "the scheme rediss, or no ca");
    }
    String password = parameters.get(PASSWORD);
    if (password != null && !REFERENCE.matcher(password).matches()) {
      throw bad(
          "a password that is no reference",
          "password=vault:<path>, password=env:<NAME> or password=file:<path>");
    }
    return parameters;
  }

  private static List<Host> hosts(String text, boolean sentinel) {
    if (text.contains("@")) {
      throw bad("an '@'", "credentials as ?username=<name>&password=<reference>");
    }
    List<Host> hosts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher host = HOST.matcher(part);
      int port = sentinel ? SENTINEL_PORT : PORT;
      if (!host.matches()) {
        throw bad("no host and port at host " + (hosts.size() + 1), "host or host:port");
      }
      if (host.group(2) != null) {
        port = Integer.parseInt(host.group(2));
      }
      if (port < 1 || port > 65_535) {
        throw bad("port " + port, "a port from 1 to 65535");
      }
      String name = host.group(1);
      hosts.add(new Host(name.startsWith("[") ? name.substring(1, name.length() - 1) : name, port));
    }
    return hosts;
  }

  private static int database(String text) {
    if (!text.matches("\\d{0,4}")) {
      throw bad("a path that is no number", "/<number of the database>");
    }
    return text.isEmpty() ? 0 : Integer.parseInt(text);
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals <= 0) {
        throw bad("a parameter without a name or value", "name=value, joined by '&'");
      }
      String name = part.substring(0, equals);
      if (parameters.put(name, decoded(part.substring(equals + 1))) != null) {
        throw bad("parameter '" + name + "' twice", "each parameter once");
      }
    }
    return parameters;
  }

  private static String decoded(String value) {
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw bad("a broken percent-encoding", "%XX, or %25 for a percent sign");
    }
  }

  @Nullable String parameter(String name) {
    return parameters.get(name);
  }

  /** Returns it for messages: hosts, and nothing that may be a secret. */
  String safe() {
    String scheme = (tls ? "rediss" : "redis") + (sentinel ? "-sentinel" : "");
    String all =
        hosts.stream()
            .map(host -> host.name() + ":" + host.port())
            .collect(Collectors.joining(","));
    return scheme + "://" + all + (sentinel ? "#" + master : "");
  }

  /** Returns {@link #safe()}. */
  @Override
  public String toString() {
    return safe();
  }

  static BadInputException bad(String found, String expected) {
    return new BadInputException(
        "Redis URI",
        found,
        expected,
        "Write it as redis://host:6379/0?password=vault:services/redis; see docs/redis.md");
  }
}
