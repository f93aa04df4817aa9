package io.dropblock.cpu;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Native libraries that travel in a jar; {@code -Dio.dropblock.native=off} or {@code
 * DROPBLOCK_NATIVE=off} in the environment leaves them there. They are unpacked to the folder of
 * JavaCPP's cache, where ND4J's own are loaded from.
 */
public final class JarLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(JarLibrary.class);

  private JarLibrary() {}

  /**
   * Loads libraries, in this order.
   *
   * @param near a class of their jar
   * @param platform that they are for, as JavaCPP names it: {@code linux-x86_64}
   * @param libraries resources, relative to the class or from the root
   * @return null, or in words why that cannot be; the log has the whole cause
   * @throws IllegalArgumentException if the switch for native libraries is neither on nor off
   */
  public static String load(Class<?> near, String platform, String... libraries) {
    String off = NativeSwitch.problem();
    if (off != null) {
      return off;
    }
    String here = Loader.Detector.getPlatform();
    if (!here.equals(platform)) {
      return "there is no native library for " + here;
    }
    try {
      for (String library : libraries) {
        if (!load(near, library)) {
          return library + " is not in the jar";
        }
      }
      return null;
    } catch (IOException | LinkageError e) {
      LOG.warn("Cannot load native libraries of {}", near.getName(), e);
      return "the native library cannot be loaded: " + e.getMessage();
    }
  }

  private static boolean load(Class<?> near, String library) throws IOException {
    try (InputStream in = near.getResourceAsStream(library)) {
      if (in == null) {
        return false;
      }
      // a file of this process, gone from the folder as soon as it is loaded: nothing to go stale
      Path file = Files.createTempFile(Loader.getCacheDir().toPath(), "dropblock", ".so");
      try {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        System.load(file.toString());
      } finally {
        Files.delete(file);
      }
      return true;
    }
  }
}
