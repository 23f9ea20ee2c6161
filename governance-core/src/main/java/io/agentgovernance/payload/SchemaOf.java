// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import io.agentgovernance.BadInputException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Derives JSON Schema from Java types. */
final class SchemaOf {
  private static final Set<Class<?>> WHOLE =
      Set.of(
          int.class,
          Integer.class,
          long.class,
          Long.class,
          short.class,
          Short.class,
          byte.class,
          Byte.class,
          BigInteger.class);

  private static final Set<Class<?>> FRACTIONAL =
      Set.of(double.class, Double.class, float.class, Float.class, BigDecimal.class, Number.class);

  private static final Map<Class<?>, String> FORMATS =
      Map.of(
          Instant.class, "date-time",
          OffsetDateTime.class, "date-time",
          ZonedDateTime.class, "date-time",
          LocalDate.class, "date",
          Duration.class, "duration",
          UUID.class, "uuid",
          java.net.URI.class, "uri");

  /** The records around the one being described. */
  private final List<Class<?>> open = new ArrayList<>();

  private SchemaOf() {}

  static Map<String, @Nullable Object> schema(Class<?> type) {
    return new SchemaOf().describe(type);
  }

  private Map<String, @Nullable Object> describe(Type type) {
    Class<?> raw = Types.raw(type);
    if (raw == Payload.class || raw == Object.class) {
      return new LinkedHashMap<>();
    }
    if (raw == Optional.class) {
      return describe(Types.argument(type, 0));
    }
    if (raw == boolean.class || raw == Boolean.class) {
      return typed("boolean");
    }
    if (WHOLE.contains(raw)) {
      return typed("integer");
    }
    if (FRACTIONAL.contains(raw)) {
      return typed("number");
    }
    if (raw == String.class || raw == CharSequence.class) {
      return typed("string");
    }
    if (Types.TEXTS.containsKey(raw)) {
      var schema = typed("string");
      Optional.ofNullable(FORMATS.get(raw)).ifPresent(format -> schema.put("format", format));
      return schema;
    }
    if (raw.isEnum()) {
      var schema = typed("string");
      schema.put("enum", Arrays.stream(Types.constants(raw)).map(Types::word).toList());
      return schema;
    }
    if (WireName.class.isAssignableFrom(raw)) {
      return typed("string");
    }
    return raw.isRecord() ? object(raw) : container(type, raw);
  }

  private Map<String, @Nullable Object> container(Type type, Class<?> raw) {
    if (Map.class.isAssignableFrom(raw)) {
      var schema = typed("object");
      schema.put("additionalProperties", describe(Types.argument(type, 1)));
      return schema;
    }
    if (Iterable.class.isAssignableFrom(raw)) {
      var schema = typed("array");
      schema.put("items", describe(Types.argument(type, 0)));
      return schema;
    }
    throw new BadInputException(
        "type " + raw.getName(),
        "a type without a schema",
        "a record, enum, Map, List, Set, Optional, text, number, boolean or java.time value",
        "Use a record, or give the schema as text to Schema.parse");
  }

  private Map<String, @Nullable Object> object(Class<?> type) {
    if (open.contains(type)) {
      throw new BadInputException(
          "record " + type.getName(),
          "a record that contains itself",
          "records nested to a fixed depth",
          "Give the schema as text to Schema.parse");
    }
    open.add(type);
    Map<String, @Nullable Object> properties = new LinkedHashMap<>();
    var required = new ArrayList<String>();
    for (var component : Types.record(type).components()) {
      var property = describe(component.type());
      if (component.optional()) {
        allowNull(property);
      } else if (Types.raw(component.type()) != Payload.class) {
        required.add(component.name());
      }
      if (component.doc() != null) {
        property.put("description", component.doc());
      }
      properties.put(component.name(), property);
    }
    open.remove(type);
    var schema = typed("object");
    var doc = type.getAnnotation(Schema.Doc.class);
    if (doc != null) {
      schema.put("description", doc.value());
    }
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  private static void allowNull(Map<String, @Nullable Object> property) {
    if (property.get("type") instanceof String type) {
      property.put("type", List.of(type, "null"));
    }
    if (property.get("enum") instanceof List<?> words) {
      var withNull = new ArrayList<@Nullable Object>(words);
      withNull.add(null);
      property.put("enum", Collections.unmodifiableList(withNull));
    }
  }

  private static Map<String, @Nullable Object> typed(String type) {
    Map<String, @Nullable Object> schema = new LinkedHashMap<>();
    schema.put("type", type);
    return schema;
  }
}
