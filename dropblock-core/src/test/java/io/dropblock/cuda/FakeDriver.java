package io.dropblock.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The driver of {@code src/test/cuda}, made by the C++ compiler of this machine, once a process: it
 * records calls, fails when told to, and runs our kernels on the CPU.
 */
public final class FakeDriver {
  /** CUDA 13.0. */
  public static final int VERSION = 13_000;

  private static final Path SOURCES = Path.of("src", "test", "cuda");
  private static final Path LIBRARY = build();

  private FakeDriver() {}

  private static Path build() {
    try {
      // not libcuda.so.1: JNA would take it for that
      Path library = Files.createTempDirectory("fake-cuda").resolve("libfakecuda.so");
      Process compiler =
          new ProcessBuilder(
                  "g++",
                  "-std=c++17",
                  "-O2",
                  "-shared",
                  "-fPIC",
                  "-ffp-contract=off",
                  "-Wall",
                  "-Wextra",
                  "-Wno-unknown-pragmas",
                  "-I",
                  ".",
                  "-o",
                  library.toString(),
                  "fake_driver.cpp")
              .directory(SOURCES.toFile())
              .inheritIO()
              .start();
      assertThat(compiler.waitFor()).as("exit status of g++").isZero();
      library.toFile().deleteOnExit();
      library.getParent().toFile().deleteOnExit();
      return library;
    } catch (IOException e) {
      return null;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Skips a test where there is no compiler. */
  public static void assumeBuilt() {
    assumeTrue(LIBRARY != null, "g++ is not installed: the fake CUDA driver is not built");
  }

  /** The driver, with an empty journal and nothing taken; skips the test without a compiler. */
  public static CudaDriver open() {
    reset(VERSION);
    return CudaDriver.open(LIBRARY.toString());
  }

  /** The driver once more, going on with its journal. */
  public static CudaDriver openAgain() {
    return CudaDriver.open(LIBRARY.toString());
  }

  public static void reset(int version) {
    assumeBuilt();
    call("fakeReset", version);
  }

  /** Lets a call fail: that of a function which comes at a turn from now on, from 1. */
  public static void fail(String function, int turn, int code) {
    call("fakeFail", function, turn, code);
  }

  /** All calls since the reset: name and arguments. */
  public static List<String> journal() {
    return text("fakeJournal").lines().toList();
  }

  /** What was taken and not given back, in words; empty if nothing. */
  public static String left() {
    return text("fakeLeft");
  }

  private static void call(String function, Object... arguments) {
    NativeLibrary.getInstance(LIBRARY.toString()).getFunction(function).invokeVoid(arguments);
  }

  private static String text(String function) {
    return NativeLibrary.getInstance(LIBRARY.toString())
        .getFunction(function)
        .invokePointer(new Object[0])
        .getString(0);
  }

  /** Where the library is; skips the test without a compiler. */
  public static Path library() {
    assumeBuilt();
    return LIBRARY;
  }
}
