package io.dropblock.spark.preflight.slot;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.CodeSource;
import java.util.Enumeration;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** Which build of our program a process runs: jars on hosts may be older than the driver's. */
public final class ProgramBuild {
  private static final String OURS = "io/dropblock/";
  private static final int PRIME = 31;

  private ProgramBuild() {}

  /** A short text, equal for equal classes. */
  public static String here() {
    CodeSource source = ProgramBuild.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      return "unknown";
    }
    try {
      return of(new File(source.getLocation().toURI()));
    } catch (URISyntaxException | IllegalArgumentException | IOException e) {
      return "unknown";
    }
  }

  /** Of a jar; of a folder of classes, as in tests, nothing is known but that it is one. */
  static String of(File place) throws IOException {
    if (place.isDirectory()) {
      return "a folder of classes";
    }
    long hash = 0;
    try (JarFile jar = new JarFile(place, false)) {
      Enumeration<JarEntry> entries = jar.entries();
      while (entries.hasMoreElements()) {
        JarEntry entry = entries.nextElement();
        if (entry.getName().startsWith(OURS)) {
          hash = PRIME * hash + entry.getName().hashCode();
          hash = PRIME * hash + entry.getCrc();
        }
      }
    }
    return String.format(Locale.ROOT, "build %08x", (int) (hash ^ hash >>> Integer.SIZE));
  }
}
