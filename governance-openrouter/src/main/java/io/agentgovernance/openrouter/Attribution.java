// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import static java.util.Objects.requireNonNull;

import io.agentgovernance.BadInputException;
import java.util.List;
import java.util.regex.Pattern;

/**
 * As which application OpenRouter lists the calls. Immutable and thread safe.
 *
 * @param referer the application's URL, sent as {@code HTTP-Referer}; empty for none
 * @param title its name, sent as {@code X-OpenRouter-Title}; empty for none
 * @param categories sent as {@code X-OpenRouter-Categories}; empty for none
 */
public record Attribution(String referer, String title, List<String> categories) {
  private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]{0,256}");

  /** Calls are listed as nobody's. */
  public static final Attribution NONE = new Attribution("", "", List.of());

  public Attribution {
    check("referer", requireNonNull(referer, "referer"));
    check("title", requireNonNull(title, "title"));
    categories = List.copyOf(categories);
    categories.forEach(category -> check("category", category));
  }

  /** An application with a URL and a name. */
  public static Attribution of(String referer, String title) {
    return new Attribution(referer, title, List.of());
  }

  private static void check(String name, String value) {
    if (!VALUE.matcher(value).matches()) {
      throw new BadInputException(
          "attribution, " + name,
          "a text that is no header",
          "at most 256 printable ASCII characters",
          "Shorten it, or write it in ASCII");
    }
  }
}
