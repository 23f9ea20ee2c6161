// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import io.agentgovernance.BadInputException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What reading, writing and describing Java values have in common. */
final class Types {
  /** Values written as their {@code toString()}, with the way back. */
  static final Map<Class<?>, Function<String, ?>> TEXTS =
      Map.of(
          Instant.class, Instant::parse,
          Duration.class, Duration::parse,
          LocalDate.class, LocalDate::parse,
          LocalTime.class, LocalTime::parse,
          LocalDateTime.class, LocalDateTime::parse,
          OffsetDateTime.class, OffsetDateTime::parse,
          ZonedDateTime.class, ZonedDateTime::parse,
          UUID.class, UUID::fromString,
          URI.class, URI::create);

  private static final int SHOWN = 40;

  private static final ClassValue<RecordShape> RECORDS =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return RecordShape.of(type);
        }
      };

  private static final ClassValue<Optional<Method>> WIRE_READERS =
      new ClassValue<>() {
        @Override
        protected Optional<Method> computeValue(Class<?> type) {
          return Stream.of("fromWire", "parse")
              .flatMap(
                  name -> Arrays.stream(type.getMethods()).filter(m -> m.getName().equals(name)))
              .filter(m -> Modifier.isStatic(m.getModifiers()))
              .filter(m -> Arrays.equals(m.getParameterTypes(), new Class<?>[] {String.class}))
              .filter(m -> type.isAssignableFrom(m.getReturnType()) && m.trySetAccessible())
              .findFirst();
        }
      };

  private Types() {}

  static RecordShape record(Class<?> type) {
    return RECORDS.get(type);
  }

  /** The static {@code fromWire}, or {@code parse}, of a {@link WireName}. */
  static Method wireReader(Class<?> type) {
    return WIRE_READERS
        .get(type)
        .orElseThrow(
            () ->
                new BadInputException(
                    "type " + type.getName(),
                    "a WireName that cannot be read back",
                    "public static " + type.getSimpleName() + " fromWire(String)",
                    "Add the method"));
  }

  /** The constants of an enum, also for the class of a constant with a body. */
  static Enum<?>[] constants(Class<?> type) {
    return (Enum<?>[]) type.getEnumConstants();
  }

  static String word(Enum<?> constant) {
    return constant instanceof WireName named ? named.wireName() : constant.name();
  }

  static Class<?> raw(Type type) {
    if (type instanceof Class<?> plain) {
      return plain;
    }
    if (type instanceof ParameterizedType generic) {
      return (Class<?>) generic.getRawType();
    }
    if (type instanceof WildcardType wildcard) {
      return raw(wildcard.getUpperBounds()[0]);
    }
    return Object.class;
  }

  /** The type argument at an index; Object if the type is raw. */
  static Type argument(Type type, int index) {
    return type instanceof ParameterizedType generic
        ? generic.getActualTypeArguments()[index]
        : Object.class;
  }

  @SuppressWarnings("unchecked") // the wrapper of a primitive class has the same type argument
  static <T> Class<T> boxed(Class<T> type) {
    return type.isPrimitive() ? (Class<T>) MethodType.methodType(type).wrap().returnType() : type;
  }

  static String shortened(String name) {
    return name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…";
  }

  /** A JSON pointer one step further. */
  static String step(String pointer, String key) {
    return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
  }

  /** A record component: how it is called, read, and whether it may be absent. */
  record Component(
      String name, Type type, boolean optional, @Nullable String doc, MethodHandle get) {}

  /** A record's components and its canonical constructor. */
  record RecordShape(List<Component> components, MethodHandle make) {
    static RecordShape of(Class<?> type) {
      var parts = type.getRecordComponents();
      var types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
      try {
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        if (!constructor.trySetAccessible()) {
          throw closed(type, null);
        }
        var lookup = MethodHandles.lookup();
        return new RecordShape(
            Arrays.stream(parts).map(part -> component(type, part)).toList(),
            lookup.unreflectConstructor(constructor).asSpreader(Object[].class, types.length));
      } catch (ReflectiveOperationException e) {
        throw closed(type, e);
      }
    }

    private static Component component(Class<?> type, RecordComponent part) {
      var accessor = part.getAccessor();
      if (!accessor.trySetAccessible()) {
        throw closed(type, null);
      }
      var doc = part.getAnnotation(Schema.Doc.class);
      try {
        return new Component(
            part.getName(),
            part.getGenericType(),
            part.getType() == Optional.class || nullable(part),
            doc == null ? null : doc.value(),
            MethodHandles.lookup()
                .unreflect(accessor)
                .asType(MethodType.methodType(Object.class, Object.class)));
      } catch (IllegalAccessException e) {
        throw closed(type, e);
      }
    }

    /** Any annotation called Nullable counts: hosts have their own. */
    private static boolean nullable(RecordComponent part) {
      return Stream.concat(
              Arrays.stream(part.getAnnotations()),
              Arrays.stream(part.getAnnotatedType().getAnnotations()))
          .anyMatch(found -> found.annotationType().getSimpleName().equals("Nullable"));
    }

    private static BadInputException closed(Class<?> type, @Nullable Exception cause) {
      return new BadInputException(
          "record " + type.getName(),
          "a package that is closed to reflection",
          "a record this library may read and make",
          "Open its package to io.agentgovernance.core in module-info.java",
          cause);
    }
  }
}
