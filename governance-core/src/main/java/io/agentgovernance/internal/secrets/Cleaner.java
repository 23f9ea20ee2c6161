// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.secrets;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import io.agentgovernance.GovernanceException;
import io.agentgovernance.budget.Money;
import io.agentgovernance.core.AgentId;
import io.agentgovernance.core.AgentOutput;
import io.agentgovernance.core.AgentRole;
import io.agentgovernance.core.ErrorBudget;
import io.agentgovernance.core.RunId;
import io.agentgovernance.core.TenantId;
import io.agentgovernance.payload.Digest;
import io.agentgovernance.payload.Payload;
import io.agentgovernance.secret.Redactor;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of values: texts, payloads, and records of this library that hold them, however
 * deep. What holds none is returned as it is, the same object. Thread safe.
 */
public final class Cleaner {
  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return new Shape(type);
        }
      };

  /** Names and amounts that are checked when they are made; a secret does not pass as one. */
  private static final Set<Class<?>> NAMES =
      Set.of(
          AgentId.class,
          AgentRole.class,
          Digest.class,
          ErrorBudget.class,
          Money.class,
          RunId.class,
          TenantId.class);

  private final Redactor redactor;

  public Cleaner(Redactor redactor) {
    this.redactor = requireNonNull(redactor, "redactor");
  }

  /** Returns the text without secrets. */
  public String text(String text) {
    return redactor.redact(text);
  }

  /** Returns the exception without secrets in its message and those of its causes. */
  public GovernanceException exception(GovernanceException e) {
    Throwable clean = LogText.clean(e, redactor::redact);
    return clean instanceof GovernanceException known ? known : e;
  }

  /** Returns the exception without secrets. */
  public BadInputException badInput(BadInputException e) {
    if (exception(e) == e) {
      return e;
    }
    return new BadInputException(
        text(e.where()), text(e.found()), text(e.expected()), text(e.advice()));
  }

  /** Returns the payload without secrets, in keys and values. */
  public Payload payload(Payload payload) {
    if (payload.isEmpty()) {
      return payload;
    }
    if (payload.isText()) {
      String text = payload.text();
      String clean = redactor.redact(text);
      return clean.equals(text) ? payload : Payload.text(clean);
    }
    String json = payload.json();
    if (redactor.redact(json).equals(json)) {
      return payload;
    }
    try {
      return Payload.json(inJson(json));
    } catch (BadInputException e) {
      return Payload.of(json(payload.read(Object.class))); // two keys have become one
    }
  }

  /** Cleans the texts and numbers in a JSON text; every digit of other numbers stays. */
  private String inJson(String json) {
    StringBuilder clean = new StringBuilder(json.length());
    int at = 0;
    while (at < json.length()) {
      char c = json.charAt(at);
      int end = c == '"' ? endOfText(json, at) : endOfWord(json, at);
      String token = json.substring(at, end);
      if (c == '"') {
        String text = Payload.json(token).text();
        String after = redactor.redact(text);
        clean.append(after.equals(text) ? token : Payload.text(after).json());
      } else {
        String after = redactor.redact(token);
        clean.append(after.equals(token) ? token : Payload.text(after).json());
      }
      at = end;
    }
    return clean.toString();
  }

  private static int endOfText(String json, int from) {
    int at = from + 1;
    while (json.charAt(at) != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  /** A number or a literal; anything else is a word of one character. */
  private static int endOfWord(String json, int from) {
    int at = from;
    while (at < json.length() && "{}[]:,\"".indexOf(json.charAt(at)) < 0) {
      at++;
    }
    return Math.max(at, from + 1);
  }

  private @Nullable Object json(@Nullable Object value) {
    if (value instanceof String text) {
      return redactor.redact(text);
    } else if (value instanceof Number number) {
      String written = number.toString();
      String clean = redactor.redact(written);
      return clean.equals(written) ? number : clean;
    } else if (value instanceof Map<?, ?> map) {
      Map<String, @Nullable Object> clean = new LinkedHashMap<>();
      map.forEach((key, item) -> clean.put(redactor.redact(String.valueOf(key)), json(item)));
      return clean;
    } else if (value instanceof Collection<?> items) {
      List<@Nullable Object> clean = new ArrayList<>(items.size());
      items.forEach(item -> clean.add(json(item)));
      return clean;
    }
    return value;
  }

  /** Returns the value without secrets. */
  @SuppressWarnings("unchecked") // what is made has the type of what it was made of
  public <T> T value(T value) {
    return (T) any(value);
  }

  private Object any(Object value) {
    if (value instanceof String text) {
      return redactor.redact(text);
    } else if (value instanceof Payload payload) {
      return payload(payload);
    } else if (value instanceof AgentOutput output) {
      Payload clean = payload(output.content());
      return clean.equals(output.content())
          ? output
          : AgentOutput.of(output.run(), output.agent(), output.phase(), clean, output.at());
    } else if (value instanceof Record record && !NAMES.contains(value.getClass())) {
      return record(record);
    } else if (value instanceof List<?> list) {
      return isClean(list) ? list : cleaned(list, new ArrayList<>(list.size()));
    } else if (value instanceof Set<?> set) {
      return isClean(set) ? set : cleaned(set, new LinkedHashSet<>());
    } else if (value instanceof Map<?, ?> map) {
      return map(map);
    } else if (value instanceof Optional<?> optional && optional.isPresent()) {
      Object clean = any(optional.get());
      return clean == optional.get() ? optional : Optional.of(clean);
    }
    return value;
  }

  private boolean isClean(Collection<?> items) {
    for (Object item : items) {
      if (any(item) != item) {
        return false;
      }
    }
    return true;
  }

  private Collection<Object> cleaned(Collection<?> items, Collection<Object> clean) {
    for (Object item : items) {
      clean.add(any(item));
    }
    return clean;
  }

  private Object map(Map<?, ?> map) {
    if (isClean(map.keySet()) && isClean(map.values())) {
      return map;
    }
    Map<Object, Object> clean = new LinkedHashMap<>();
    map.forEach((key, item) -> clean.put(any(key), any(item)));
    return clean;
  }

  private Object record(Record value) {
    Shape shape = SHAPES.get(value.getClass());
    @Nullable Object[] parts = null;
    for (int i = 0; i < shape.accessors.length; i++) {
      Method accessor = shape.accessors[i];
      if (accessor == null) {
        continue;
      }
      Object before = Shape.get(accessor, value);
      Object after = before == null ? null : any(before);
      if (after != before) {
        if (parts == null) {
          parts = shape.parts(value);
        }
        parts[i] = after;
      }
    }
    return parts == null ? value : shape.make(parts);
  }

  /** How a kind of record is read and made again. */
  private static final class Shape {
    private final RecordComponent[] components;

    /** Of the components that may hold texts; null for the others. */
    private final @Nullable Method[] accessors;

    private final Constructor<?> constructor;

    Shape(Class<?> type) {
      components = type.getRecordComponents();
      accessors = new Method[components.length];
      for (int i = 0; i < components.length; i++) {
        if (mayHoldText(components[i].getType())) {
          accessors[i] = open(components[i].getAccessor());
        }
      }
      try {
        constructor =
            type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
      } catch (NoSuchMethodException e) {
        throw new AssertionError(e); // every record has it
      }
    }

    private static Method open(Method accessor) {
      accessor.setAccessible(true);
      return accessor;
    }

    private static boolean mayHoldText(Class<?> type) {
      return !type.isPrimitive() && !type.isEnum() && !NAMES.contains(type);
    }

    static @Nullable Object get(Method accessor, Object value) {
      try {
        return accessor.invoke(value);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("cannot read " + value.getClass().getName(), e);
      }
    }

    @Nullable Object[] parts(Object value) {
      @Nullable Object[] parts = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        parts[i] = get(open(components[i].getAccessor()), value);
      }
      return parts;
    }

    Object make(@Nullable Object[] parts) {
      try {
        return constructor.newInstance(parts);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "cannot make " + constructor.getDeclaringClass().getName(), e);
      }
    }
  }
}
