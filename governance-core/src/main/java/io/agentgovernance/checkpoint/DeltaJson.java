// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.checkpoint;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.checkpoint.TypeTable.Form;
import io.agentgovernance.coordination.Command;
import io.agentgovernance.core.RunId;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a {@link Delta}: one JSON object, for backends that keep it outside this JVM.
 *
 * <pre>{@code
 * {"v":1,"type":"changed","sequence":7,"at":"2026-01-24T10:15:30.000000001Z",
 *  "command":{"type":"stop","by":"an operator","reason":"enough"}}
 * }</pre>
 *
 * <p>What is read equals what was written. Types have short names from a list: nothing that is read
 * can name a Java class. Fields that are not known are passed over; a type, a version or a value
 * that is not known makes the delta unreadable. Thread safe.
 */
public final class DeltaJson {
  /** The version that is written. */
  public static final int VERSION = 1;

  private static final String VERSION_FIELD = "v";
  private static final String CHANGED = "changed";
  private static final String SEQUENCE = "sequence";
  private static final String AT = "at";
  private static final String COMMAND = "command";

  static final TypeTable<Delta> TABLE =
      new TypeTable<>(
          List.of(
              new Form<>(
                  "opened",
                  Delta.Opened.class,
                  (d, out) -> out.object("terms", part -> StoredParts.write(part, d.terms())),
                  in -> new Delta.Opened(StoredParts.terms(in.object("terms")))),
              new Form<>(
                  CHANGED,
                  Delta.Changed.class,
                  (d, out) ->
                      out.number(SEQUENCE, d.sequence())
                          .instant(AT, d.at())
                          .object(COMMAND, part -> StoredCommands.TABLE.write(part, d.command())),
                  in ->
                      new Delta.Changed(
                          in.number(SEQUENCE),
                          in.instant(AT),
                          StoredCommands.TABLE.read(in.object(COMMAND)))),
              new Form<>(
                  "journaled",
                  Delta.Journaled.class,
                  (d, out) -> out.object("entry", part -> StoredParts.write(part, d.entry())),
                  in -> new Delta.Journaled(StoredParts.entry(in.object("entry")))),
              new Form<>(
                  "marked",
                  Delta.Marked.class,
                  (d, out) ->
                      out.object("checkpoint", part -> StoredParts.write(part, d.checkpoint())),
                  in -> new Delta.Marked(StoredParts.checkpoint(in.object("checkpoint")))),
              new Form<>(
                  "elapsed",
                  Delta.Elapsed.class,
                  (d, out) -> out.duration("active", d.active()),
                  in -> new Delta.Elapsed(in.duration("active")))));

  private DeltaJson() {}

  /** Returns the stored form. */
  public static String write(Delta delta) {
    requireNonNull(delta, "delta");
    return JsonOut.object(out -> TABLE.write(out.number(VERSION_FIELD, VERSION), delta));
  }

  /**
   * Returns the stored form of a command, from which {@link #appendChanged} makes that of a change.
   */
  public static String command(Command<?> command) {
    requireNonNull(command, "command");
    return JsonOut.object(out -> StoredCommands.TABLE.write(out, command));
  }

  /**
   * Appends the stored form of a {@link Delta.Changed}.
   *
   * @param at the text of its time, as {@link java.time.Instant} writes it
   * @param command the stored form of its command
   */
  public static void appendChanged(StringBuilder to, long sequence, String at, String command) {
    requireNonNull(command, "command");
    JsonOut.writeObject(
        to,
        out ->
            out.number(VERSION_FIELD, VERSION)
                .text(TypeTable.TYPE, CHANGED)
                .number(SEQUENCE, sequence)
                .text(AT, at)
                .json(COMMAND, command));
  }

  /**
   * Reads the stored form.
   *
   * @param run whose delta it is, for what is said if it cannot be read
   * @param position which delta of the run it is, beginning with 1, for the same
   * @throws CheckpointUnreadableException if it is of another version, of a type that is not known,
   *     or damaged
   */
  public static Delta read(RunId run, long position, String json) {
    requireNonNull(run, "run");
    Fields in = Fields.of(run, position, parsed(run, position, requireNonNull(json, "json")));
    long version = in.number(VERSION_FIELD);
    if (version != VERSION) {
      throw in.misfit(VERSION_FIELD, "version " + VERSION);
    }
    try {
      return TABLE.read(in);
    } catch (BadInputException e) {
      throw in.unreadable(e.where() + " with " + e.found(), e.expected(), e);
    }
  }

  private static @Nullable Object parsed(RunId run, long position, String json) {
    try {
      return JsonTree.read(json);
    } catch (IOException e) {
      // Its words may quote the text, which is the run's; so it is not kept as a cause either.
      throw new CheckpointUnreadableException(
          Fields.where(run, position, ""),
          "a text of " + json.length() + " characters that is not JSON",
          "a JSON object",
          "It is damaged: restore a backup.");
    }
  }
}
