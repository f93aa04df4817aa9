package io.dropblock.spark.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The browser, without a window; it reaches this machine alone. */
public final class Chromium {
  private final String program;
  private final Path folder;

  private Chromium(String program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /**
   * The one on the PATH, if there is one.
   *
   * @param folder for what it writes
   */
  public static Optional<Chromium> find(Path folder) {
    List<String> folders =
        new ArrayList<>(List.of(System.getenv("PATH").split(File.pathSeparator)));
    return Stream.of("chromium", "chromium-browser")
        .flatMap(name -> folders.stream().map(it -> Path.of(it, name)))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst()
        .map(program -> new Chromium(program, folder));
  }

  /** The document behind its scripts. */
  public String shown(String address) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            program,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--user-data-dir=" + folder.resolve("profile"),
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost",
            "--virtual-time-budget=25000",
            "--enable-logging=stderr",
            "--log-net-log=" + folder.resolve("net"),
            "--dump-dom",
            address);
    File page = folder.resolve("page").toFile();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(page)
            .redirectError(folder.resolve("log").toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("chromium ends").isTrue();
    return Files.readString(page.toPath());
  }

  /** Of the last page: nothing on the console, and no host asked for anything but this one. */
  public void assertQuiet(String host) throws IOException {
    assertThat(Files.readString(folder.resolve("log"))).doesNotContain("CONSOLE");
    assertThat(
            Pattern.compile("\"url\":\"https?://([^/:\"]+)")
                .matcher(Files.readString(folder.resolve("net")))
                .results()
                .map(found -> found.group(1))
                // the browser's own
                .filter(it -> !it.matches("(.*\\.)?(google|gvt1|googleapis)\\.com"))
                .distinct())
        .containsExactly(host);
  }
}
