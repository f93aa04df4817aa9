package io.dropblock.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
  void loadsNothingWhereItIsSwitchedOff() {
    System.setProperty(NativeSwitch.PROPERTY, "off");
    try {
      assertThat(JarLibrary.load(JarLibraryTest.class, HERE, "none.so"))
          .isEqualTo("native libraries are switched off by -Dio.dropblock.native=off");
    } finally {
      System.clearProperty(NativeSwitch.PROPERTY);
    }
  }

  @Test
  void thePropertyGoesBeforeTheEnvironment() {
    assertThat(NativeSwitch.problem(null, null)).isNull();
    assertThat(NativeSwitch.problem("on", "off")).isNull();
    assertThat(NativeSwitch.problem(null, "off"))
        .isEqualTo("native libraries are switched off by DROPBLOCK_NATIVE=off");
    assertThatThrownBy(() -> NativeSwitch.problem("of", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid io.dropblock.native: 'of', write on or off");
  }

  @Test
  void saysWhichLibraryTheJarLacks() {
    assertThat(JarLibrary.load(JarLibraryTest.class, HERE, "none.so"))
        .isEqualTo("none.so is not in the jar");
  }

  @Test
  void saysWhatTheSystemFindsWrongWithAFile() {
    PrintStream error = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try {
      assertThat(JarLibrary.load(JarLibraryTest.class, HERE, "JarLibraryTest.class"))
          .startsWith("the native library cannot be loaded: ");
    } finally {
      System.setErr(error);
    }
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .contains("Cannot load native libraries of io.dropblock.cpu.JarLibraryTest")
        .contains("UnsatisfiedLinkError", "\tat io.dropblock.cpu.JarLibrary.load");
  }
}
