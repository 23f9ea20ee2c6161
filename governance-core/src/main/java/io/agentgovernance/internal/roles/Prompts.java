// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.roles;

import io.agentgovernance.model.Prompt;
import io.agentgovernance.payload.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The prompts of the standard team, one resource each: rules, a line {@value #SEPARATOR}, the task.
 * Immutable and thread safe.
 *
 * <p>Placeholders are for the library's own words only. What comes from users, documents or other
 * agents is added to the prompt as data.
 */
public enum Prompts {
  /** Finds what the sources say and proposes. */
  RESEARCH("research", Research.class),
  /** Fixes what a proposal must meet. */
  CRITERIA("criteria", Criteria.class),
  /** Votes on a proposal. */
  SYNTHESIS_EVALUATE("synthesis-evaluate", Evaluation.class),
  /** Writes the solution. */
  SYNTHESIS_SOLUTION("synthesis-solution", Solution.class),
  /** Improves a proposal after critique. */
  REVISE("revise", ProposalDraft.class),
  /** Gets a team moving that is stuck, in conflict or overwhelmed. */
  MEDIATOR("mediator", Mediation.class);

  static final String SEPARATOR = "<!-- task -->";
  static final String SHAPE = "reply_shape";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z][a-z_]*)\\}");

  private final String file;
  private final Class<?> reply;
  private final String rules;
  private final String task;

  Prompts(String file, Class<?> reply) {
    this.file = file;
    this.reply = reply;
    String text = load("/io/agentgovernance/prompts/" + file + ".md");
    int split = text.indexOf(SEPARATOR);
    if (split < 0) {
      throw new IllegalStateException("prompt " + file + ".md: no line " + SEPARATOR);
    }
    this.rules = text.substring(0, split).strip();
    this.task = text.substring(split + SEPARATOR.length()).strip();
  }

  /** Returns the shape of the reply. */
  public Schema reply() {
    return Schema.of(reply);
  }

  /** Returns the names {@link #fill} wants values for. */
  public Set<String> placeholders() {
    Set<String> names = new TreeSet<>();
    PLACEHOLDER.matcher(rules + task).results().forEach(found -> names.add(found.group(1)));
    names.remove(SHAPE);
    return names;
  }

  /**
   * Returns the prompt with its reply's shape; add the data to it.
   *
   * @param values a value for exactly each of {@link #placeholders()}; braces in values stay as
   *     they are
   * @throws IllegalArgumentException listing missing and unknown names
   */
  public Prompt fill(Map<String, String> values) {
    Set<String> wanted = placeholders();
    if (!values.keySet().equals(wanted)) {
      throw new IllegalArgumentException(
          "prompt "
              + file
              + ".md: expected values for "
              + wanted
              + " but found "
              + new TreeSet<>(values.keySet()));
    }
    return Prompt.user(filled(task, values)).system(filled(rules, values)).reply(reply());
  }

  private String filled(String text, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            found -> {
              String name = found.group(1);
              String value = name.equals(SHAPE) ? reply().json() : values.get(name);
              return Matcher.quoteReplacement(value == null ? found.group() : value);
            });
  }

  private static String load(String path) {
    try (InputStream stream = Prompts.class.getResourceAsStream(path)) {
      if (stream == null) {
        throw new IllegalStateException("resource " + path + " is not on the class path");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(Collectors.joining("\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + path + " cannot be read", e);
    }
  }
}
