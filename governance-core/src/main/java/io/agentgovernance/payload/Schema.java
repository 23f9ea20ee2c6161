// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a payload must look like: JSON Schema, derived from a record or given as text.
 *
 * <pre>{@code
 * record Risk(@Schema.Doc("between 0 and 1") double score, List<String> reasons) {}
 *
 * List<String> problems = Schema.of(Risk.class).problems(reply);
 * }</pre>
 *
 * <p>Checked are type, required, properties, additionalProperties, items, enum, const, minimum,
 * maximum, exclusiveMinimum, exclusiveMaximum, minItems, maxItems, minLength, maxLength, anyOf and
 * allOf. Other keywords are kept, so that a model sees them, and not checked.
 *
 * <p>Immutable and thread safe. Two schemas are equal if their JSON values and names are.
 */
public final class Schema {
  private static final ClassValue<Schema> DERIVED =
      new ClassValue<>() {
        @Override
        protected Schema computeValue(Class<?> type) {
          return new Schema(name(type.getSimpleName()), SchemaOf.schema(type));
        }
      };

  private static final int MAX_NAME = 64;
  private static final String DEFAULT_NAME = "value";

  private final String name;
  private final Map<String, @Nullable Object> schema;
  private final String json;

  private Schema(String name, Map<String, @Nullable Object> schema) {
    this.name = name;
    this.schema = schema;
    this.json = CanonicalJson.write(schema, CanonicalJson.Keys.AS_GIVEN);
  }

  /** Describes a record, or one of its components, to the model that has to fill it in. */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
  public @interface Doc {
    /** Returns the description. */
    String value();
  }

  /**
   * Derives the schema of a type that {@link Payload#read} can read. A record component is required
   * unless it is Optional or annotated {@code @Nullable}. Properties that the record does not have
   * are allowed, as reading ignores them. Properties come in the order of the components.
   *
   * @throws BadInputException if the type cannot be described, or contains itself
   */
  public static Schema of(Class<?> type) {
    return DERIVED.get(requireNonNull(type, "type"));
  }

  /**
   * Reads a JSON Schema. Its name is taken from {@code title}, else it is "value".
   *
   * @throws BadInputException if the text is not JSON, or a checked keyword has the wrong form
   */
  public static Schema parse(String json) {
    var value = JsonReader.read("schema", requireNonNull(json, "json"));
    var schema = SchemaCheck.wellFormed(value, "");
    return new Schema(
        schema.get("title") instanceof String title ? name(title) : DEFAULT_NAME, schema);
  }

  /** Returns the schema as JSON, properties in the order given. */
  public String json() {
    return json;
  }

  /** Returns the name: 1 to 64 characters of {@code A-Z a-z 0-9 _ -}. */
  public String name() {
    return name;
  }

  /**
   * Checks a payload.
   *
   * @return what is wrong, at most 50 lines of the form "at /place: found …, expected …" without
   *     content of the payload; empty if nothing is
   */
  public List<String> problems(Payload value) {
    return SchemaCheck.problems(schema, value.value());
  }

  private static String name(String wanted) {
    var name = wanted.replaceAll("[^A-Za-z0-9_-]+", "_");
    if (name.isEmpty()) {
      return DEFAULT_NAME;
    }
    return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Schema that && name.equals(that.name) && schema.equals(that.schema);
  }

  @Override
  public int hashCode() {
    return schema.hashCode();
  }

  @Override
  public String toString() {
    return "Schema[" + name + "]";
  }
}
