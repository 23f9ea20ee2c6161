// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.benchmarks;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The jar on the class path that a library's class comes from. */
record LibraryJar(File file, String artifact, String version) {

  private static final String COORDINATES = "META-INF/maven/.*/pom\\.properties";

  static LibraryJar of(Class<?> type) {
    try {
      var file = new File(type.getProtectionDomain().getCodeSource().getLocation().toURI());
      var coordinates = new Properties();
      if (file.isFile()) {
        try (var jar = new JarFile(file)) {
          var entry = jar.stream().filter(each -> each.getName().matches(COORDINATES)).findFirst();
          if (entry.isPresent()) {
            try (var in = jar.getInputStream(entry.get())) {
              coordinates.load(in);
            }
          }
        }
      }
      return new LibraryJar(
          file,
          coordinates.getProperty("artifactId", file.getName()),
          coordinates.getProperty("version", "of unknown version"));
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("cannot read the jar of " + type.getName(), e);
    }
  }

  /** The artifact and its version. */
  String name() {
    return artifact + " " + version;
  }

  /** The library's top-level types whose simple name contains one of the words, in any case. */
  List<String> typesNamed(String... words) {
    try (var jar = new JarFile(file)) {
      return jar.stream()
          .map(entry -> entry.getName())
          .filter(name -> name.endsWith(".class") && !name.contains("$"))
          .map(name -> name.substring(name.lastIndexOf('/') + 1, name.length() - ".class".length()))
          .filter(
              name ->
                  Stream.of(words)
                      .anyMatch(
                          word ->
                              name.toLowerCase(Locale.ROOT)
                                  .contains(word.toLowerCase(Locale.ROOT))))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + file, e);
    }
  }
}
