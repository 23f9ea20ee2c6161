// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the log answered to a batch. */
sealed interface AppendReply {

  /** It was written, now or by an earlier attempt; these fences did not hold. */
  record Accepted(Set<Integer> stale) implements AppendReply {}

  /** Others were faster: nothing was written, these changes are missing here. */
  record Behind(List<LogEntry> missing) implements AppendReply {}

  /** Nothing was written: these fences do not hold, and one that has to is among them. */
  record Fenced(Set<Integer> stale) implements AppendReply {}

  /** The run was taken over. */
  record Superseded() implements AppendReply {}

  /** The server lost what it had acknowledged. */
  record Lost(String found) implements AppendReply {}

  /** The answer in parts: what is said to every batch comes as one text, with blanks between. */
  static List<String> words(List<Object> answer) {
    if (answer.size() == 1) {
      return List.of(((String) answer.get(0)).split(" ", 3));
    }
    List<String> words = new ArrayList<>(answer.size());
    answer.forEach(each -> words.add((String) each));
    return words;
  }

  /**
   * What an answer means.
   *
   * @param answer as {@link #words} gives it
   */
  static AppendReply of(List<String> answer) {
    String status = answer.get(0);
    return switch (status) {
      case "OK", "DUP" -> new Accepted(numbers(answer.get(2)));
      case "CONFLICT" -> new Behind(entries(answer));
      case "FENCED" -> new Fenced(numbers(answer.get(2)));
      case "SUPERSEDED" -> new Superseded();
      case "LOST" -> new Lost(answer.get(1));
      case "LATE" -> new Lost("a later batch of the same writer");
      default -> throw new IllegalStateException("append.lua answered '" + status + "'");
    };
  }

  private static Set<Integer> numbers(String text) {
    return text.isEmpty()
        ? Set.of()
        : Stream.of(text.split(",")).map(Integer::valueOf).collect(Collectors.toSet());
  }

  private static List<LogEntry> entries(List<String> answer) {
    List<LogEntry> entries = new ArrayList<>();
    for (int i = 2; i < answer.size(); i += 2) {
      entries.addAll(LogEntry.all(answer.get(i), answer.get(i + 1)));
    }
    return entries;
  }
}
