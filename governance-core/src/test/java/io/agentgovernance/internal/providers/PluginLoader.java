// SPDX-License-Identifier: Apache-2.0
package io.agentgovernance.internal.providers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** A class loader with jars of its own, as a host with plugins has; the fakes are only in those. */
final class PluginLoader extends URLClassLoader {
  private PluginLoader(URL[] jars) {
    super(jars, new WithoutFakes());
  }

  private static final class WithoutFakes extends ClassLoader {
    WithoutFakes() {
      super(PluginLoader.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(FakeProviders.class.getName())) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }

  /** Makes one jar for each entry: its file name, and the lines of its service file. */
  static PluginLoader of(Path folder, Class<?> service, Map<String, List<String>> jars)
      throws IOException {
    for (var jar : jars.entrySet()) {
      try (var out = new JarOutputStream(Files.newOutputStream(folder.resolve(jar.getKey())))) {
        var lines = String.join("\n", jar.getValue());
        write(
            out, "META-INF/services/" + service.getName(), lines.getBytes(StandardCharsets.UTF_8));
        for (String line : jar.getValue()) {
          writeClass(out, line.replace('.', '/') + ".class");
        }
      }
    }
    var support = folder.resolve("support.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(support))) {
      for (var type :
          List.of(FakeProviders.class, FakeProviders.Base.class, FakeProviders.Named.class)) {
        writeClass(out, type.getName().replace('.', '/') + ".class");
      }
    }
    return new PluginLoader(
        Stream.concat(jars.keySet().stream().sorted().map(folder::resolve), Stream.of(support))
            .map(PluginLoader::url)
            .toArray(URL[]::new));
  }

  static List<String> lines(Class<?>... providers) {
    return Stream.of(providers).map(Class::getName).toList();
  }

  private static void writeClass(JarOutputStream out, String path) throws IOException {
    try (var in = PluginLoader.class.getClassLoader().getResourceAsStream(path)) {
      if (in != null) {
        write(out, path, in.readAllBytes());
      }
    }
  }

  private static void write(JarOutputStream out, String path, byte[] content) throws IOException {
    out.putNextEntry(new ZipEntry(path));
    out.write(content);
    out.closeEntry();
  }

  private static URL url(Path file) {
    try {
      return file.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
