// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.payload;

import org.jspecify.annotations.Nullable;

/** Where in a value something is; put into words only when something is wrong there. Immutable. */
final class Place {
  static final Place ROOT = new Place(null, null, 0);

  private final @Nullable Place parent;
  private final @Nullable String key;
  private final int index;

  private Place(@Nullable Place parent, @Nullable String key, int index) {
    this.parent = parent;
    this.key = key;
    this.index = index;
  }

  /** The place of an object's property. */
  Place property(String name) {
    return new Place(this, name, 0);
  }

  /** The place of a list's item. */
  Place item(int position) {
    return new Place(this, null, position);
  }

  /** The JSON pointer. */
  String pointer() {
    Place above = parent;
    if (above == null) {
      return "";
    }
    return Types.step(above.pointer(), key == null ? Integer.toString(index) : key);
  }
}
