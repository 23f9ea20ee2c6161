// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.agentgovernance.BadInputException;
import io.agentgovernance.internal.roles.ProposalDraft;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.Part;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.UnreadablePayloadException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a request holds, sorted by the names of its data. */
final class Material {
  private static final Set<String> TEAMWORK =
      Set.of(
          "findings",
          "proposal",
          "proposals",
          "critique",
          "criteria",
          "sub_objectives",
          "directive",
          "reason");

  private final List<Part.Data> data = new ArrayList<>();
  private final List<Source> sources = new ArrayList<>();

  Material(ChatRequest request) {
    for (Message message : request.messages()) {
      for (Part part : message.parts()) {
        if (part instanceof Part.Data found) {
          data.add(found);
        }
      }
    }
    data.stream()
        .filter(part -> !TEAMWORK.contains(part.name()) && !part.content().text().isBlank())
        .forEach(part -> sources.add(source(part)));
    sources.sort((a, b) -> Boolean.compare(b.isObjective(), a.isObjective()));
    if (sources.isEmpty()) {
      String prompt = lastText(request);
      if (!prompt.isBlank()) {
        sources.add(new Source("prompt", prompt));
      }
    }
  }

  private static Source source(Part.Data part) {
    boolean named = !part.source().isBlank() && !part.name().equals(Source.OBJECTIVE);
    return new Source(named ? part.source() : part.name(), part.content().text());
  }

  private static String lastText(ChatRequest request) {
    String last = "";
    for (Message message : request.messages()) {
      for (Part part : message.parts()) {
        boolean asks = message.role() == Message.Role.USER || last.isEmpty();
        if (asks && part instanceof Part.Text text && !text.text().isBlank()) {
          last = text.text();
        }
      }
    }
    // Half a surrogate pair can be in a Java string, not in a reply.
    return new String(last.getBytes(UTF_8), UTF_8);
  }

  /** What may be quoted, the objective first; the prompt itself if there is nothing else. */
  List<Source> sources() {
    return sources;
  }

  /** The texts within the data of this name: of a list its items, of an object its texts. */
  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (Part.Data part : data) {
      if (part.name().equals(name)) {
        walk(value(part.content()), text -> texts.add(text));
      }
    }
    return texts.stream().filter(text -> !text.isBlank()).toList();
  }

  private static void walk(@Nullable Object value, Consumer<String> texts) {
    if (value instanceof Map<?, ?> map) {
      map.values().forEach(inner -> walk(inner, texts));
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> walk(inner, texts));
    } else if (value instanceof String text) {
      texts.accept(text);
    }
  }

  /** The proposals within the data of these names, in order. */
  List<Posted> proposals(String... names) {
    List<Posted> found = new ArrayList<>();
    for (Part.Data part : data) {
      if (List.of(names).contains(part.name())) {
        collect(value(part.content()), null, found);
      }
    }
    return found;
  }

  private static void collect(@Nullable Object value, @Nullable String id, List<Posted> found) {
    if (value instanceof Map<?, ?> map) {
      String own = map.get("id") instanceof String text ? text : id;
      Optional<ProposalDraft> draft = draft(map);
      if (draft.isPresent()) {
        found.add(new Posted(own, draft.get()));
      } else {
        map.values().forEach(inner -> collect(inner, own, found));
      }
    } else if (value instanceof List<?> list) {
      list.forEach(inner -> collect(inner, null, found));
    }
  }

  private static Optional<ProposalDraft> draft(Map<?, ?> map) {
    try {
      return map.containsKey("steps")
          ? Optional.of(Payload.of(map).read(ProposalDraft.class))
          : Optional.empty();
    } catch (UnreadablePayloadException other) {
      return Optional.empty();
    }
  }

  /** In canonical order, so that equal payloads give equal replies; some hand over JSON as text. */
  private static @Nullable Object value(Payload content) {
    if (!content.isText()) {
      return content.isEmpty() ? null : Payload.json(content.json()).read(Object.class);
    }
    String text = content.text().strip();
    if (text.startsWith("{") || text.startsWith("[")) {
      try {
        return Payload.json(Payload.json(text).json()).read(Object.class);
      } catch (BadInputException plain) {
        return content.text();
      }
    }
    return content.text();
  }

  /** A proposal and, if the data has one, its id. */
  record Posted(@Nullable String id, ProposalDraft draft) {}
}
