// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okio.ByteString;

/**
 * One file under {@code contract}: what a server answers, byte for byte, and what it has to come to.
 *
 * <p>{@code ⟦e282⟧} stands for these bytes; {@code @eol crlf} replaces the body's line ends, {@code
 * @mode whole} asks without streaming.
 */
record ContractCase(
    String name,
    Map<String, String> options,
    int status,
    List<String[]> headers,
    ByteString bytes,
    List<String[]> expectations) {
  private static final Path ROOT = Path.of("src/test/resources/contract");
  private static final Pattern BYTES = Pattern.compile("⟦([0-9a-f]+)⟧");

  static List<ContractCase> all() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".case"))
          .sorted()
          .map(ContractCase::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] body() {
    return bytes.toByteArray();
  }

  boolean whole() {
    return "whole".equals(options.get("mode"));
  }

  boolean isReply() {
    return status == 200;
  }

  /** The values expected under this key, in order. */
  List<String> expected(String key) {
    return expectations.stream().filter(e -> e[0].equals(key)).map(e -> e[1]).toList();
  }

  private static ContractCase read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int response = text.indexOf("--- response\n");
    int expect = text.lastIndexOf("--- expect\n");
    Map<String, String> options = new TreeMap<>();
    text.substring(0, response)
        .lines()
        .filter(line -> line.startsWith("@"))
        .forEach(line -> options.put(line.substring(1, line.indexOf(' ')), after(line, " ")));
    String raw = text.substring(response + "--- response\n".length(), expect);
    int blank = raw.indexOf("\n\n");
    List<String> head = raw.substring(0, blank).lines().toList();
    List<String[]> headers = new ArrayList<>();
    head.subList(1, head.size())
        .forEach(line -> headers.add(new String[] {before(line, ": "), after(line, ": ")}));
    List<String[]> expectations = new ArrayList<>();
    text.substring(expect + "--- expect\n".length())
        .lines()
        .forEach(line -> expectations.add(new String[] {before(line, ": "), after(line, ": ")}));
    return new ContractCase(
        ROOT.relativize(file).toString().replace('\\', '/'),
        options,
        Integer.parseInt(head.get(0).split(" ", -1)[1]),
        headers,
        ByteString.of(bytes(ends(raw.substring(blank + 2), options))),
        expectations);
  }

  private static String ends(String body, Map<String, String> options) {
    String eol = options.getOrDefault("eol", "lf");
    return body.replace("\n", eol.equals("crlf") ? "\r\n" : eol.equals("cr") ? "\r" : "\n");
  }

  private static byte[] bytes(String body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Matcher matcher = BYTES.matcher(body);
    int at = 0;
    while (matcher.find()) {
      out.writeBytes(body.substring(at, matcher.start()).getBytes(UTF_8));
      out.writeBytes(HexFormat.of().parseHex(matcher.group(1)));
      at = matcher.end();
    }
    out.writeBytes(body.substring(at).getBytes(UTF_8));
    return out.toByteArray();
  }

  private static String before(String line, String mark) {
    return line.substring(0, line.indexOf(mark));
  }

  private static String after(String line, String mark) {
    return line.substring(line.indexOf(mark) + mark.length());
  }

  @Override
  public String toString() {
    return name;
  }
}
