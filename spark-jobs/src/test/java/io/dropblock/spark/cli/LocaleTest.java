package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.train.RunFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands leave on disk is the same wherever their user lives. */
class LocaleTest {
  private static final List<String> ARABIC =
      List.of("-Duser.language=ar", "-Duser.country=EG", "-Duser.extensions=u-nu-arab");
  private static final List<String> TURKISH =
      List.of("-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=Asia/Istanbul");

  @TempDir private static Path shared;
  private static final Set<ByteBuffer> PARAMETERS = new HashSet<>();

  @Test
  void worksWithArabicDigits() throws Exception {
    assertThat(work("arabic", ARABIC, Map.of())).contains("digits \u0661\u0662 ");
    assertLeftWhatOthersLeave("arabic");
  }

  @Test
  void worksWithTheTurkishI() throws Exception {
    assertThat(work("turkish", TURKISH, Map.of())).contains(" lower t\u0131tle ");
    assertLeftWhatOthersLeave("turkish");
  }

  @Test
  void worksWithoutALocale() throws Exception {
    assertThat(work("none", List.of(), Map.of("LC_ALL", "C"))).contains(" charset ANSI_X3.4-1968");
    assertLeftWhatOthersLeave("none");
  }

  @Test
  void refusesNamesThatTheCharsetHasNot() throws Exception {
    Path images = Files.createDirectory(shared.resolve("cities"));
    // By a shell: this JVM's own charset may lack the letter, too
    String make =
        "cd \"$1\" && mkdir -p {train,val}/{Bonn,Ulm,K$'\\303\\266'ln} && for f in */*; do : >\"$f/1.jpg\"; done";
    assertThat(new ProcessBuilder("bash", "-c", make, "-", images.toString()).start().waitFor())
        .isZero();
    String out = shared.resolve("out").toString();
    Map<String, String> ascii = Map.of("LC_ALL", "C");

    String answer = jvm(1, List.of(), ascii, "prepare", images.toString(), "--out", out);
    assertThat(answer)
        .contains("Cannot prepare " + images + ": 2 broken entries: ")
        .contains("its locale has no characters for them but ANSI_X3.4-1968")
        .contains("such as LC_ALL=C.UTF-8");
    assertThat(Path.of(out)).doesNotExist();
  }

  private static String work(String name, List<String> options, Map<String, String> environment)
      throws Exception {
    return jvm(0, options, environment, shared.resolve(name).toString());
  }

  private static void assertLeftWhatOthersLeave(String name) throws IOException {
    Path folder = shared.resolve(name);
    assertThat(names(folder.resolve("data")))
        .containsExactly("manifest.json", "train-00000.parquet", "val-00000.parquet");
    assertThat(names(folder.resolve("run/checkpoints"))).contains("epoch-0001", "epoch-0002");
    List<String> events = Files.readAllLines(folder.resolve("run/events.jsonl"));
    assertThat(events)
        .allMatch(line -> line.chars().allMatch(letter -> letter < 128))
        .filteredOn(line -> line.contains("\"event\":\"epoch\""))
        .hasSize(2);
    RunFolder run =
        RunFolder.open(
            new org.apache.hadoop.fs.Path(folder.resolve("run").toString()), new Configuration());
    PARAMETERS.add(
        ByteBuffer.wrap(run.checkpoints().named("epoch-0002", line -> {}).network().parameters()));
    assertThat(PARAMETERS).as("the networks of all locales").hasSize(1);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  /** What a process prints that runs {@link WorkUnderALocale} with this one's class path. */
  private static String jvm(
      int status, List<String> options, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-Dspark.master=local[1]",
            "-Dspark.ui.enabled=false",
            "-Dstdout.encoding=UTF-8",
            "-Dorg.nd4j.log.initialization=false"));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WorkUnderALocale.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(key -> key.matches("LC_.*|LANG|LANGUAGE"));
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().putAll(environment);
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isEqualTo(status);
    return printed;
  }
}
