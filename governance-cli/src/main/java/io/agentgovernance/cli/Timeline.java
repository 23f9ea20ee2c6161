// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.cli;

import io.agentgovernance.event.Event;
import io.agentgovernance.event.EventTypes;
import io.agentgovernance.payload.Payload;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows a run as it goes: one line for each event that means something, with the time since the run
 * began, and on a terminal a line below them that says what the agents are at. For one thread.
 */
final class Timeline implements AutoCloseable {
  private static final String CLEAR_LINE = "\r\u001b[2K";
  private static final String[] WHEEL = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
  private static final Duration REDRAW = Duration.ofMillis(80);
  private static final int WHO_WIDTH = 6;
  private static final int PLAIN_WIDTH = 300;

  private final PrintStream err;
  private final Detail detail;
  private final Terminal terminal;
  private final Paint paint;
  private final EventLines lines = new EventLines();
  private final Map<String, String> phases = new LinkedHashMap<>();
  private @Nullable Instant start;
  private long tokens;
  private long calls;
  private int turns;
  private boolean progressShown;
  private Duration progressAt = Duration.ZERO;

  /** How much to show. */
  enum Detail {
    ALL,
    WARNINGS
  }

  Timeline(PrintStream err, Detail detail, Terminal terminal) {
    this.err = err;
    this.detail = detail;
    this.terminal = terminal;
    this.paint = terminal.paintErr();
  }

  /** Says something that is no event. */
  void note(String text) {
    if (detail == Detail.ALL) {
      print(paint.on(Paint.Hue.DIM, text));
    }
  }

  /** Says what a person should know even if nothing else is shown. */
  void warn(String text) {
    print(paint.on(Paint.Hue.YELLOW, "warning: " + Plain.line(text)));
  }

  /** Takes the next event. */
  void show(Event event) {
    Instant began = start == null ? event.at() : start;
    start = began;
    count(event);
    if (detail == Detail.ALL) {
      Duration elapsed = Duration.between(began, event.at());
      lines.of(event).ifPresent(line -> print(format(elapsed, line)));
      progress(elapsed);
    }
  }

  /** Says that nothing happened up to now. */
  void tick(Instant now) {
    Instant began = start;
    if (began != null && detail == Detail.ALL) {
      turns++;
      progress(Duration.between(began, now));
    }
  }

  /** Parts the timeline from what follows. */
  void end() {
    note("");
  }

  /** Takes the line below away. */
  @Override
  public void close() {
    if (progressShown) {
      err.print(CLEAR_LINE);
      err.flush();
      progressShown = false;
    }
  }

  private void count(Event event) {
    switch (event.type()) {
      case EventTypes.AGENT_PHASE -> phases.put(agent(event), value(event, "/phase"));
      case EventTypes.AGENT_STATUS -> {
        if (!value(event, "/to").equals("RUNNING")) {
          phases.put(agent(event), value(event, "/to"));
        }
      }
      case EventTypes.USAGE -> {
        calls++;
        tokens += number(event, "/prompt_tokens") + number(event, "/completion_tokens");
      }
      default -> {}
    }
  }

  private String format(Duration elapsed, EventLines.Line line) {
    String who = String.format(Locale.ROOT, "%-" + WHO_WIDTH + "s", line.who());
    String time = seconds(elapsed);
    int width =
        terminal.err() == Terminal.Kind.TERMINAL
            ? Math.max(20, terminal.columns() - time.length() - who.length() - 5)
            : PLAIN_WIDTH;
    return paint.on(Paint.Hue.DIM, time)
        + "  "
        + paint.on(Paint.Hue.of(line.who()), who)
        + "  "
        + toned(line.tone(), Plain.cut(line.text(), width));
  }

  private String toned(EventLines.Tone tone, String text) {
    return switch (tone) {
      case USUAL -> text;
      case MINOR -> paint.on(Paint.Hue.DIM, text);
      case GOOD -> paint.on(Paint.Hue.GREEN, text);
      case WARNING -> paint.on(Paint.Hue.YELLOW, text);
      case BAD -> paint.on(Paint.Hue.RED, text);
    };
  }

  private void progress(Duration elapsed) {
    boolean due = !progressShown || elapsed.minus(progressAt).compareTo(REDRAW) >= 0;
    if (terminal.err() != Terminal.Kind.TERMINAL || !due) {
      return;
    }
    progressAt = elapsed;
    StringBuilder text = new StringBuilder();
    text.append(WHEEL[turns % WHEEL.length]).append(' ').append(seconds(elapsed).strip());
    phases.forEach((agent, phase) -> text.append("  ").append(agent).append(' ').append(phase));
    text.append("  ").append(Plain.count(calls)).append(calls == 1 ? " call" : " calls");
    text.append("  ").append(Plain.count(tokens)).append(" tokens");
    err.print(
        CLEAR_LINE + paint.on(Paint.Hue.DIM, Plain.cut(text.toString(), terminal.columns() - 1)));
    err.flush();
    progressShown = true;
  }

  private void print(String line) {
    close();
    err.print(line + "\n");
    err.flush();
  }

  private static String seconds(Duration elapsed) {
    return String.format(Locale.ROOT, "%6.2f s", Math.max(0, elapsed.toMillis()) / 1_000.0);
  }

  private static String agent(Event event) {
    return EventLines.agent(event.run(), value(event, "/agent_id"));
  }

  private static String value(Event event, String pointer) {
    return event.data().at(pointer).map(Payload::text).map(Plain::line).orElse("");
  }

  private static long number(Event event, String pointer) {
    String text = value(event, pointer);
    return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
  }
}
