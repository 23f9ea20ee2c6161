// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.ledger.sqlite;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.PipelineConstants;
import io.agentgovernance.spi.AuditLedger;
import io.agentgovernance.spi.AuditLedgerProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.spi.SecretSource;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Opens {@code sqlite:<path>} and {@code sqlite:<path>?<option>=<value>&…}.
 *
 * <p>The path is relative to the working folder unless it begins with a slash; {@code sqlite:}
 * alone is {@value PipelineConstants#DEFAULT_LEDGER_PATH}. Path and values may be percent-encoded.
 *
 * <ul>
 *   <li>{@code key=file:<path>}, or a reference for the host's secret source such as {@code
 *       vault:<path>}: the key that signs anchors
 *   <li>{@code anchorSink=file:<path>}: a second place for anchors
 *   <li>{@code anchorEvery=<n>}, {@code anchorInterval=<ISO 8601 duration or seconds, such as PT10S
 *       or 10s>}
 *   <li>{@code durability=process-crash-only}: see {@link SqliteLedgerBuilder#processCrashOnly}
 * </ul>
 *
 * <p>Thread safe.
 */
public final class SqliteLedgerProvider implements AuditLedgerProvider {
  private static final String WHERE = "ledger URI";
  private static final String FILE = "file:";
  private static final List<String> OPTIONS =
      List.of("key", "anchorSink", "anchorEvery", "anchorInterval", "durability");
  private static final Pattern SECONDS = Pattern.compile("([1-9][0-9]{0,5})s");
  private static final Pattern COUNT = Pattern.compile("[1-9][0-9]{0,8}");

  /** Made by {@link java.util.ServiceLoader}. */
  public SqliteLedgerProvider() {}

  @Override
  public String scheme() {
    return "sqlite";
  }

  @Override
  public AuditLedger open(String rest, ProviderContext context) {
    int question = rest.indexOf('?');
    var builder =
        SqliteLedger.builder(path(question < 0 ? rest : rest.substring(0, question)))
            .time(context.time());
    options(question < 0 ? "" : rest.substring(question + 1))
        .forEach((name, value) -> set(builder, name, value, context));
    return builder.open();
  }

  private static Path path(String encoded) {
    String text = decoded(encoded);
    if (text.isEmpty()) {
      text = PipelineConstants.DEFAULT_LEDGER_PATH;
    }
    if (text.startsWith("///")) {
      text = text.substring(2);
    }
    if (text.startsWith("//") || text.startsWith(":") || text.startsWith(FILE)) {
      throw new BadInputException(
          WHERE,
          "'sqlite:" + text + "'",
          "'sqlite:<path>', such as 'sqlite:/var/lib/bank/ledger.db'",
          "Write the path after the colon; a ledger that forgets is 'memory:'");
    }
    return toPath(text);
  }

  private static Path toPath(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new BadInputException(
          WHERE, "'" + text + "'", "a path of this system", "Name a file", e);
    }
  }

  private static Map<String, String> options(String query) {
    var found = new LinkedHashMap<String, String>();
    for (String option : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      if (equals < 0 || !OPTIONS.contains(name) || found.containsKey(name)) {
        throw new BadInputException(
            WHERE,
            found.containsKey(name) ? "option '" + name + "' twice" : "option '" + name + "'",
            "each of these once at most, with a value: " + String.join(", ", OPTIONS),
            "Correct or remove it");
      }
      found.put(name, decoded(option.substring(equals + 1)));
    }
    return found;
  }

  private static void set(
      SqliteLedgerBuilder builder, String name, String value, ProviderContext context) {
    switch (name) {
      case "key" -> key(builder, value, context);
      case "anchorSink" -> {
        check(name, value, value.startsWith(FILE), "'file:<path>'");
        builder.anchorSink(toPath(value.substring(FILE.length())));
      }
      case "anchorEvery" -> {
        check(name, value, COUNT.matcher(value).matches(), "a number from 1 to 999999999");
        builder.anchorEvery(Integer.parseInt(value));
      }
      case "anchorInterval" -> builder.anchorInterval(duration(name, value));
      default -> {
        check(
            name,
            value,
            value.equals("process-crash-only"),
            "'process-crash-only', or no such option");
        builder.processCrashOnly();
      }
    }
  }

  private static void key(SqliteLedgerBuilder builder, String value, ProviderContext context) {
    if (value.startsWith(FILE)) {
      builder.signingKey(toPath(value.substring(FILE.length())));
      return;
    }
    SecretSource secrets =
        context
            .secrets()
            .orElseThrow(
                () ->
                    new BadInputException(
                        WHERE,
                        "a reference for 'key', and no secret source",
                        "'key=file:<path>', or a host with a secret source",
                        "Give the builder a secret source"));
    builder.signingKey(secrets, value);
  }

  private static Duration duration(String name, String value) {
    var seconds = SECONDS.matcher(value);
    try {
      Duration duration =
          seconds.matches()
              ? Duration.ofSeconds(Long.parseLong(seconds.group(1)))
              : Duration.parse(value);
      check(name, value, !duration.isNegative() && !duration.isZero(), "more than nothing");
      return duration;
    } catch (DateTimeException e) {
      throw new BadInputException(
          WHERE, name + "=" + value, "a duration such as '10s' or 'PT10S'", "Correct it", e);
    }
  }

  private static void check(String name, String value, boolean good, String expected) {
    if (!good) {
      throw new BadInputException(
          WHERE, name + "=" + value, name + " to be " + expected, "Correct or remove it");
    }
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new BadInputException(
          WHERE,
          "a '%' that is not followed by two hexadecimal digits",
          "percent-encoding",
          "Write '%25' for a percent sign",
          e);
    }
  }
}
