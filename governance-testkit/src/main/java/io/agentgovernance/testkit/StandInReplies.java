// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.testkit;

import io.agentgovernance.BadInputException;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentPhase;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.RunId;
import io.agentgovernance.model.ChatModel;
import io.agentgovernance.model.ChatReply;
import io.agentgovernance.model.ChatRequest;
import io.agentgovernance.model.Exchange;
import io.agentgovernance.model.FinishReason;
import io.agentgovernance.model.Message;
import io.agentgovernance.model.Part;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.payload.Schema;
import io.agentgovernance.spi.ChatModelProvider;
import io.agentgovernance.spi.ProviderContext;
import io.agentgovernance.time.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a {@link ModelServer} writes: the replies of {@code local:}, with manners. Thread safe. */
final class StandInReplies {
  private static final Pattern DATA =
      Pattern.compile(
          "<data name=\"([^\"]*)\" source=\"([^\"]*)\">\n(.*?)\n</data>", Pattern.DOTALL);
  private static final int STYLES = 6;

  private final ModelServer.Manners manners;
  private final ChatModel standIn;
  private final AtomicInteger written = new AtomicInteger();

  /** A reply as it goes out. */
  record Written(String text, String finish, long promptTokens, long completionTokens) {}

  StandInReplies(ModelServer.Manners manners) {
    this.manners = manners;
    this.standIn =
        ServiceLoader.load(ChatModelProvider.class, StandInReplies.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.scheme().equals("local"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no provider of local:"))
            .open("", new Context());
  }

  private record Context() implements ProviderContext {
    @Override
    public TimeSource time() {
      return TimeSource.system();
    }

    @Override
    public ClassLoader classLoader() {
      return StandInReplies.class.getClassLoader();
    }
  }

  /** Writes the reply to a request in the form of OpenAI's. */
  Written to(Payload body) {
    ChatRequest request = request(body);
    ChatReply reply;
    try {
      reply = standIn.chat(request, new Unwatched());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server is being closed", e);
    }
    String finish = reply.finish() == FinishReason.LENGTH ? "length" : "stop";
    Written plain =
        new Written(
            reply.text(), finish, reply.usage().promptTokens(), reply.usage().completionTokens());
    boolean repair = body.json().contains("Your reply could not be used");
    return manners == ModelServer.Manners.PLAIN || repair || request.replySchema() == null
        ? plain
        : messy(plain, written.getAndIncrement() % STYLES);
  }

  private static Written messy(Written reply, int style) {
    String text = reply.text();
    return switch (style) {
      case 0 -> with(reply, "Sure! Here is what you asked for:\n\n" + text + "\n\nAnything else?");
      case 1 -> with(reply, "```json\n" + text + "\n```");
      case 2 -> with(reply, withoutAField(text));
      case 3 ->
          new Written(
              text.substring(0, text.length() / 2),
              "length",
              reply.promptTokens(),
              reply.completionTokens());
      case 4 ->
          new Written(
              "I'm sorry, but I can't help with that.", "content_filter", reply.promptTokens(), 12);
      default -> reply;
    };
  }

  private static Written with(Written reply, String text) {
    return new Written(text, reply.finish(), reply.promptTokens(), reply.completionTokens() + 20);
  }

  private static String withoutAField(String text) {
    try {
      Map<?, ?> fields = Payload.json(text).read(Map.class);
      Map<String, Object> fewer = new LinkedHashMap<>();
      fields.forEach((name, value) -> fewer.put(String.valueOf(name), value));
      fewer.keySet().stream().findFirst().ifPresent(fewer::remove);
      return Payload.of(fewer).json();
    } catch (BadInputException e) {
      return text;
    }
  }

  private static ChatRequest request(Payload body) {
    ChatRequest.Builder request =
        ChatRequest.builder(body.at("/model").map(Payload::text).orElse(""));
    for (int i = 0; body.at("/messages/" + i).isPresent(); i++) {
      Payload message = body.at("/messages/" + i).orElseThrow();
      String text = message.at("/content").map(Payload::text).orElse("");
      request.message(
          new Message(role(message.at("/role").map(Payload::text).orElse("")), parts(text)));
    }
    body.at("/max_completion_tokens")
        .or(() -> body.at("/max_tokens"))
        .ifPresent(limit -> request.maxTokens(limit.read(Integer.class)));
    body.at("/response_format/json_schema").ifPresent(format -> request.reply(schema(format)));
    return request.build();
  }

  /** The schema under the name it was sent with. */
  private static Schema schema(Payload format) {
    Map<?, ?> sent = format.at("/schema").orElseThrow().read(Map.class);
    Map<String, Object> named = new LinkedHashMap<>();
    sent.forEach((name, value) -> named.put(String.valueOf(name), value));
    named.put("title", format.at("/name").map(Payload::text).orElse("value"));
    return Schema.parse(Payload.of(named).json());
  }

  private static Message.Role role(String name) {
    return switch (name) {
      case "system", "developer" -> Message.Role.SYSTEM;
      case "assistant" -> Message.Role.ASSISTANT;
      case "tool" -> Message.Role.TOOL;
      default -> Message.Role.USER;
    };
  }

  /** Instructions and delimited data, as they were before they became one text. */
  private static List<Part> parts(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher data = DATA.matcher(text);
    int at = 0;
    while (data.find()) {
      add(parts, text.substring(at, data.start()));
      parts.add(new Part.Data(data.group(1), Payload.text(data.group(3)), data.group(2)));
      at = data.end();
    }
    add(parts, text.substring(at));
    return parts.isEmpty() ? List.of(new Part.Text("")) : parts;
  }

  private static void add(List<Part> parts, String text) {
    if (!text.isBlank()) {
      parts.add(new Part.Text(text.strip()));
    }
  }

  /** An exchange nobody watches or ends. */
  private static final class Unwatched implements Exchange {
    @Override
    public void delta(String text) {}

    @Override
    public void onAbort(Runnable hook) {}

    @Override
    public boolean aborted() {
      return false;
    }

    @Override
    public Duration remaining() {
      return Duration.ofMinutes(1);
    }

    @Override
    public TimeSource time() {
      return TimeSource.system();
    }

    @Override
    public String idempotencyKey() {
      return "none";
    }

    @Override
    public RunId run() {
      return RunId.of("server");
    }

    @Override
    public AgentId agent() {
      return AgentId.of("server-model");
    }

    @Override
    public AgentRole role() {
      return AgentRole.of("model");
    }

    @Override
    public AgentPhase phase() {
      return AgentPhase.EXECUTE;
    }

    @Override
    public int turn() {
      return 1;
    }
  }
}
