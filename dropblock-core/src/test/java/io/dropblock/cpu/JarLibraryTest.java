package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;

class JarLibraryTest {
  private static final String HERE = Loader.Detector.getPlatform();

  @Test
  void saysThatAPlatformHasNoLibrary() {
    assertThat(JarLibrary.load(JarLibraryTest.class, "vax", "any.so"))
        .isEqualTo("there is no native library for " + HERE);
  }

  @Test
  void saysWhichLibraryTheJarLacks() {
    assertThat(JarLibrary.load(JarLibraryTest.class, HERE, "none.so"))
        .isEqualTo("none.so is not in the jar");
  }

  @Test
  void saysWhatTheSystemFindsWrongWithAFile() {
    assertThat(JarLibrary.load(JarLibraryTest.class, HERE, "JarLibraryTest.class"))
        .startsWith("the native library cannot be loaded: ");
  }
}
