// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.run;

import io.agentgovernance.RunRequest;
import io.agentgovernance.coordination.RunTerms;
import io.agentgovernance.payload.Payload;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a request's material is kept in a run's terms, and made a request of again. */
final class Requests {
  /** The material as it is kept. */
  record Material(Map<String, Payload> inputs, List<Text> documents) {}

  /** A document as it is kept. */
  record Text(String name, String text) {}

  private Requests() {}

  static Payload material(RunRequest request) {
    Map<String, Object> material = new LinkedHashMap<>();
    material.put("inputs", request.inputs());
    material.put("documents", documents(request));
    return Payload.of(material);
  }

  static List<Map<String, String>> documents(RunRequest request) {
    return request.documents().stream()
        .map(document -> Map.of("name", document.name(), "text", document.text()))
        .toList();
  }

  /** The request a run was started with. */
  static RunRequest of(RunTerms terms) {
    RunRequest request =
        RunRequest.of(terms.objective())
            .id(terms.run())
            .spend(terms.spend())
            .timeout(terms.timeout());
    Material material = terms.inputs().read(Material.class);
    for (Map.Entry<String, Payload> input : material.inputs().entrySet()) {
      request = request.input(input.getKey(), input.getValue());
    }
    for (Text document : material.documents()) {
      request = request.document(document.name(), document.text());
    }
    return request;
  }
}
