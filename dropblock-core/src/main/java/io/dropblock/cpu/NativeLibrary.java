package io.dropblock.cpu;

import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The library of {@code src/main/native}, for Linux on x86-64, which travels in the jar.
 *
 * <p>It shares OpenMP's threads with ND4J: there is one team for each thread that calls, and none
 * that takes the cores of another.
 */
public final class NativeLibrary {
  private static final String PLATFORM = "linux-x86_64";
  private static final String LIBRARY = PLATFORM + "/libdropblock.so";
  private static final String PROBLEM = load();
  private static final int BEST = PROBLEM == null ? instructionSets() - 1 : -1;

  private NativeLibrary() {}

  private static String load() {
    // ND4J first: it brings the OpenMP that ours is to be
    ExecutionerType executioner = Nd4j.getExecutioner().type();
    if (executioner != ExecutionerType.NATIVE_CPU) {
      return "ND4J's backend is " + executioner + ", and the native loops work on main memory only";
    }
    return JarLibrary.load(NativeLibrary.class, PLATFORM, LIBRARY);
  }

  /** Why the native loops cannot be used in this process; null if they can. */
  public static String problem() {
    return PROBLEM;
  }

  /** The best set of instructions that the library and this processor both have, as a number. */
  public static int bestInstructionSet() {
    return BEST;
  }

  /**
   * How many of the library's sets of instructions this processor has, each of which holds those
   * before: 0 what every x86-64 has, 1 AVX2, 2 AVX-512.
   */
  public static native int instructionSets();

  /** The SHA-256 of the sources that the library was made of: build.sh. */
  static native String source();
}
