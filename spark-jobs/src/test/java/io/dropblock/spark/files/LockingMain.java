package io.dropblock.spark.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Takes the lock that it is told and holds it until it is killed. */
final class LockingMain {
  private LockingMain() {}

  public static void main(String[] arguments) throws Exception {
    FolderLock.take(
        FolderLockTest.local(), FolderLockTest.path(arguments[0]), "prepare", FolderLockTest.QUICK);
    System.out.println("taken");
    Thread.sleep(Long.MAX_VALUE);
  }

  /** Starts one, which has the lock when this returns. */
  static Process start(Path lock) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx64m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LockingMain.class.getName(),
                    lock.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = "";
    while (line != null && !line.equals("taken")) {
      line = process.inputReader().readLine();
    }
    return process;
  }
}
