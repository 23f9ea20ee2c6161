// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Values that are looked for, without being kept. Thread safe; looking takes no lock.
 *
 * <p>A form of a value is known by a rolling hash of its first characters, and by a salted digest
 * of all of it. A text is hashed character by character; where the hash is that of a form, the
 * digest decides. That costs the same however many values there are.
 */
final class KnownValues {
  private static final int WINDOW = Redactor.MIN_LENGTH;

  /** A form; equal to none but itself. */
  private static final class Form {
    final long head;
    final int length;
    final byte[] digest;

    Form(long head, int length, byte[] digest) {
      this.head = head;
      this.length = length;
      this.digest = digest;
    }
  }

  private static final int FILTER_WORDS = 4_096;

  private static final class Counted {
    final Form form;
    int times;

    Counted(Form form) {
      this.form = form;
    }
  }

  private final int max;
  private final long base;
  private final long leading;
  private final byte[] salt = new byte[32];
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Counted> counted = new HashMap<>();
  private final Map<Long, Form[]> forms = new ConcurrentHashMap<>();

  /** A bit for each first hash, so that most of a text is passed over quickly. */
  private final AtomicLongArray filter = new AtomicLongArray(FILTER_WORDS);

  private int registered;

  KnownValues(int max) {
    this.max = max;
    SecureRandom random = new SecureRandom();
    random.nextBytes(salt);
    this.base = random.nextLong() | 1;
    long power = 1;
    for (int i = 1; i < WINDOW; i++) {
      power *= base;
    }
    this.leading = power;
  }

  Redactor.Registration register(char[] value) {
    List<Form> found = new ArrayList<>();
    if (value.length >= WINDOW) {
      for (String form : ValueForms.of(String.valueOf(value))) {
        found.add(new Form(head(form), form.length(), digest(form, 0, form.length())));
      }
    }
    add(found);
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        remove(found);
      }
    };
  }

  private void add(List<Form> some) {
    lock.lock();
    try {
      if (registered == max) {
        throw new IllegalStateException(
            "more than " + max + " secrets are open at once; close secrets after use");
      }
      registered++;
      for (Form form : some) {
        Counted known = counted.computeIfAbsent(key(form), any -> new Counted(form));
        if (known.times++ == 0) {
          forms.merge(form.head, new Form[] {form}, KnownValues::together);
          int bit = bit(form.head);
          filter.set(bit >>> 6, filter.get(bit >>> 6) | (1L << bit));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void remove(List<Form> some) {
    lock.lock();
    try {
      registered--;
      for (Form form : some) {
        Counted known = counted.get(key(form));
        if (known != null && --known.times == 0) {
          counted.remove(key(form));
          // Its bit in the filter stays: another form may share it, and it costs a lookup at most.
          forms.computeIfPresent(form.head, (head, all) -> without(known.form, all));
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static Form @Nullable [] without(Form gone, Form[] all) {
    Form[] rest = Arrays.stream(all).filter(form -> form != gone).toArray(Form[]::new);
    return rest.length == 0 ? null : rest;
  }

  private static int bit(long head) {
    long mixed = head * 0x9E3779B97F4A7C15L;
    return (int) ((mixed >>> 32) & (FILTER_WORDS * 64L - 1));
  }

  private static String key(Form form) {
    return new String(form.digest, StandardCharsets.ISO_8859_1);
  }

  /** The longest first. */
  private static Form[] together(Form[] some, Form[] more) {
    Form[] all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    Arrays.sort(all, (a, b) -> Integer.compare(b.length, a.length));
    return all;
  }

  /** Returns where values are, as pairs of begin and end; null if there are none. */
  @Nullable List<int[]> find(String text) {
    if (forms.isEmpty() || text.length() < WINDOW) {
      return null;
    }
    List<int[]> found = null;
    long hash = head(text);
    int last = text.length() - WINDOW;
    for (int at = 0; ; at++) {
      int bit = bit(hash);
      if ((filter.get(bit >>> 6) & (1L << bit)) != 0) {
        int end = end(hash, text, at);
        if (end > 0) {
          if (found == null) {
            found = new ArrayList<>(2);
          }
          found.add(new int[] {at, end});
        }
      }
      if (at == last) {
        return found;
      }
      hash = (hash - text.charAt(at) * leading) * base + text.charAt(at + WINDOW);
    }
  }

  private int end(long hash, String text, int at) {
    Form[] candidates = forms.get(hash);
    if (candidates != null) {
      for (Form form : candidates) {
        int end = at + form.length;
        if (end <= text.length() && MessageDigest.isEqual(form.digest, digest(text, at, end))) {
          return end;
        }
      }
    }
    return 0;
  }

  private long head(String text) {
    long hash = 0;
    for (int i = 0; i < WINDOW; i++) {
      hash = hash * base + text.charAt(i);
    }
    return hash;
  }

  private byte[] digest(String text, int from, int to) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(salt);
      return sha256.digest(text.substring(from, to).getBytes(StandardCharsets.UTF_16BE));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every JDK has it
    }
  }
}
