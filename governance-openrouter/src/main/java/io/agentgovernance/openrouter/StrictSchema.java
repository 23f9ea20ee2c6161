// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.openrouter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentgovernance.payload.Schema;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * A schema in the form that strict enforcement wants: no object may have properties that are not
 * listed, and all that are listed are required. A schema with optional properties cannot be put
 * that way without changing what it accepts; it is sent as it is, not strict.
 *
 * @param json the schema to send
 * @param strict whether it may be enforced strictly
 */
record StrictSchema(String json, boolean strict) {

  static StrictSchema of(Schema schema) {
    JsonNode node = Json.read(schema.json().getBytes(StandardCharsets.UTF_8));
    if (node == null || !node.isObject() || !closed(node)) {
      return new StrictSchema(schema.json(), false);
    }
    return new StrictSchema(node.toString(), true);
  }

  /** Closes all objects below; says whether that leaves the meaning as it was for our reading. */
  private static boolean closed(JsonNode node) {
    if (node instanceof ObjectNode object && !closedObject(object)) {
      return false;
    }
    for (JsonNode child : node) {
      if (child.isContainerNode() && !closed(child)) {
        return false;
      }
    }
    return true;
  }

  private static boolean closedObject(ObjectNode object) {
    JsonNode properties = object.get("properties");
    boolean isObject = "object".equals(Json.text(object, "type"));
    if (properties == null || !properties.isObject()) {
      return !isObject; // a map: strict enforcement knows only objects of fixed properties
    }
    JsonNode additional = object.get("additionalProperties");
    if (additional != null && !(additional.isBoolean() && !additional.booleanValue())) {
      if (!additional.isBoolean()) {
        return false;
      }
    }
    Set<String> required = new HashSet<>(Json.texts(object, "required", Integer.MAX_VALUE));
    for (var property : properties.properties()) {
      if (!required.contains(property.getKey())) {
        return false;
      }
    }
    object.put("additionalProperties", false);
    return true;
  }
}
