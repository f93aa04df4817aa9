package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingCommandTest {
  @TempDir private Path folder;

  /** 10 GbE, one slot a rank, next to nothing but the wire: 2 (w - 1) / w of 100 MB. */
  @Test
  void predictsWhatTheWireTakes() {
    Answer answer =
        Answer.to(
            "scaling",
            "predict",
            "--parameters=25000000",
            "--images-per-second=1",
            "--slots=8",
            "--local-batch=1",
            "--update=0",
            "--spread=0",
            "--sum=RANKS",
            "--latency=0",
            "--moved=1000",
            "--added=1000",
            "--piece=1",
            "--ranks=1,4,8,16",
            "--network=10");

    assertThat(answer.error()).isEmpty();
    assertThat(answer.status()).isZero();
    // 1.5 and 1.75 times 100 MB at 1.25 GB/s, of which frames take 90 of 1538 bytes
    double second = 100e6 / (1.25e9 * 1448 / 1538);
    assertThat(row(answer, "4"))
        .contains("8 x 1  0.0 GB  2.00 s", String.format(Locale.ROOT, "%.0f ms", 1.5e3 * second));
    assertThat(row(answer, "8"))
        .contains("1.00 s", String.format(Locale.ROOT, "%.0f ms", 1.75e3 * second));
    assertThat(row(answer, "1")).contains("8.00 s").endsWith("1.0  1.000  compute");
    assertThat(answer.out()).contains("not possible: 16 ranks, as there are fewer slots");
  }

  private static String row(Answer answer, String ranks) {
    return answer
        .out()
        .lines()
        .map(line -> line.strip().replaceAll(" {2,}", "  "))
        .filter(line -> line.startsWith(ranks + "  "))
        .findFirst()
        .orElseThrow(() -> new AssertionError(answer.out()));
  }

  @Test
  void aRecipeGivesNetworkSlotsAndEpochs() {
    Answer answer = Answer.to("scaling", "predict", "imagenet-resnet50", "--network=25");

    assertThat(answer.error()).isEmpty();
    assertThat(answer.out())
        .contains(
            "ResNet-50: 25,610,152 floats to sum, slot by slot; a global batch of 1,024;",
            "1,251 steps an epoch, 270 epochs",
            "8 x 128",
            "25 GbE",
            "not possible: 16, 32, 64, 128, 256, 512 ranks");
  }

  /** The paper's batch: slots of 128 where there are few ranks, one a rank where there are many. */
  @Test
  void aGlobalBatchIsSharedOut() {
    Answer answer =
        Answer.to("scaling", "predict", "--global-batch=2048", "--ranks=4,512", "--network=10");

    assertThat(answer.error()).isEmpty();
    assertThat(row(answer, "4")).startsWith("4  16 x 128  0.3 GB");
    assertThat(row(answer, "512")).startsWith("512  512 x 4  0.0 GB");
    assertRefused(
        "Cannot use --global-batch beside --slots", "predict", "--global-batch=8", "--slots=8");
  }

  @Test
  void refusesByName() {
    assertRefused(
        "train.averaging must be on the ring in every step",
        "predict",
        "demo",
        "--set=train.averaging.every=2");
    assertRefused("Cannot use --set without a RECIPE", "predict", "--set=train.epochs=2");
    assertRefused("Cannot use --parameters alone", "predict", "--parameters=7");
    assertRefused("Invalid spread: -1.0 is not at least 0", "predict", "--spread=-1");
    assertRefused(
        "Cannot use --images-per-second 0.0: it is not above 0",
        "predict",
        "--images-per-second=0");
    assertRefused("Invalid speed of a network: 0.0 is not above 0", "predict", "--network=0");
    assertRefused("Cannot use --slowdown without --one-machine", "predict", "--slowdown=2");
    assertRefused(
        "Invalid number of ranks: 600 cannot share 512 slots out", "simulate", "--ranks=600");
    assertRefused(
        "Invalid least number of ranks: 9 is more than 8", "simulate", "--ranks=8", "--least=9");
    assertRefused("Invalid time between failures of a host: 0.0", "simulate", "--host-days=0");
    assertRefused("Cannot use --seeds 0", "simulate", "--seeds=0");
    assertRefused(
        "Invalid number of steps between checkpoints: 0 is below 1", "simulate", "--every=0");
    assertRefused("Cannot scale: say what", new String[0]);
  }

  private static void assertRefused(String reason, String... arguments) {
    List<String> all = new ArrayList<>(List.of("scaling"));
    all.addAll(List.of(arguments));
    Answer answer = Answer.to(all.toArray(String[]::new));
    assertThat(answer.error()).contains(reason);
    assertThat(answer.error().lines()).hasSizeLessThanOrEqualTo(2);
    assertThat(answer.status()).isPositive();
  }

  @Test
  void simulatesAndDraws() throws IOException {
    String[] command = {
      "scaling",
      "simulate",
      "--ranks=64",
      "--epochs=2",
      "--host-days=1",
      "--seeds=5",
      "--every=20,600",
      "--out=" + folder
    };

    Answer answer = Answer.to(command);

    assertThat(answer.status()).isZero();
    assertThat(answer.error()).contains("simulated 2 of 2 intervals");
    assertThat(answer.out())
        .contains(
            "done again", "fewer ranks", "Best: a checkpoint every 20 steps", "Young's formula");
    assertThat(Files.readString(folder.resolve("lost-time.svg"))).contains("hours lost, 64 ranks");
    assertThat(ImageIO.read(folder.resolve("lost-time.png").toFile()).getWidth()).isPositive();
    assertThat(Files.readAllLines(folder.resolve("lost-time.csv"))).hasSize(1 + 2 * 6);
    assertThat(Answer.to(command).out()).as("equal seeds").isEqualTo(answer.out());
  }

  /** What was measured is written as what the model says; so all is within 5 %. */
  @Test
  void comparesWithWhatWasMeasured() throws IOException {
    String rounds = rounds(2, 55.2, 60.3) + "," + rounds(4, 165, 190);
    String runs = run(1, 2.04) + "," + run(2, 1.1);

    Answer answer =
        Answer.to("scaling", "compare", "--processors=2", "--rounds=" + rounds, "--run=" + runs);

    assertThat(answer.error()).isEmpty();
    assertThat(answer.out())
        .contains(
            "moves 2.00 GB/s and adds 10.0 GB/s, latency 100 us",
            "small: a micro-batch of 32 images takes 0.5000 s, the update 0.0400 s, spread 0.100");
    assertThat(row(answer, "round of the ring  4")).contains("165 ms").endsWith("within 5 %");
    assertThat(row(answer, "round of the chain  4"))
        .contains("190 ms")
        .endsWith("MISSED by more than 5 %");
    assertThat(row(answer, "step of small  1")).contains("2.04 s  2.04 s  1.000  constants");
    Answer predicted =
        Answer.to(
            "scaling",
            "predict",
            "--run=" + folder.resolve("run-1"),
            "--one-machine=2",
            "--ranks=1,2");
    assertThat(predicted.error()).isEmpty();
    assertThat(predicted.out())
        .contains(
            "a global batch of 128; 12 steps an epoch, 2 epochs", "update 0.0400 s, spread 0.100");
    assertThat(row(predicted, "1"))
        .startsWith("1  4 x 32  0.0 GB  2.00 s  0.00 s  0.00 s  0.00 s  40.0 ms  2.04 s");
  }

  @Test
  void refusesWhatItCannotReadTimesFrom() throws IOException {
    Path file = Files.writeString(folder.resolve("step.json"), "{\"benchmark\":\"step\"}");
    assertRefused(
        "it is not what bench averaging --json writes",
        "compare",
        "--processors=2",
        "--rounds=" + file);
    assertRefused(
        "Cannot take constants: there are no rounds of 2 ranks",
        "compare",
        "--processors=2",
        "--rounds=" + rounds(3, 1, 1));
    assertRefused(
        "Cannot open run " + folder + "/none", "predict", "--run=" + folder.resolve("none"));
  }

  private Path rounds(int world, double ring, double chain) throws IOException {
    return Files.writeString(
        folder.resolve("averaging-" + world + ".json"),
        String.format(
            Locale.ROOT,
            "{\"benchmark\":\"averaging\",\"parameters\":25000000,\"world\":%d,\"rounds\":["
                + "{\"case\":\"ring\",\"median_ms\":%s},{\"case\":\"chain\",\"median_ms\":%s}],"
                + "\"fits\":[{\"master\":\"ring\",\"parameters\":25000000,\"cost_ms\":70},"
                + "{\"master\":\"ring\",\"parameters\":1000,\"cost_ms\":0.5},"
                + "{\"master\":\"stock\",\"parameters\":1000,\"cost_ms\":80}]}",
            world,
            ring,
            chain));
  }

  /** Two epochs of 12 steps of 4 slots; steps of the second are 10 % off the mean to both sides. */
  private Path run(int world, double step) throws IOException {
    Path run = Files.createDirectories(folder.resolve("run-" + world));
    Files.writeString(run.resolve("recipe.yaml"), "seed: 7\n");
    StringBuilder events = new StringBuilder();
    line(
        events,
        "{\"event\":\"started\",\"version\":4,\"recipe\":\"small\",\"world\":%d,\"slots\":4,"
            + "\"global_batch\":128,\"epochs\":2,\"steps_per_epoch\":12,\"first_step\":1,"
            + "\"images\":1536,\"parameters\":1000}",
        world);
    for (int epoch = 1; epoch <= 2; epoch++) {
      for (int at = 1; at <= 12; at++) {
        double seconds = at == 1 ? 9 : 2 * (1 + (at % 2 == 0 ? 0.1 : -0.1) * (at == 12 ? 0 : 1));
        line(
            events,
            "{\"event\":\"steps\",\"version\":4,\"epoch\":%d,\"step\":%d,\"steps\":1,\"loss\":1,"
                + "\"images_per_second\":%s,\"keep_probability\":1,\"kept_fraction\":1,"
                + "\"learning_rate\":0.1}",
            epoch,
            12 * (epoch - 1) + at,
            128 / seconds);
      }
      StringBuilder ranks = new StringBuilder();
      for (int rank = 0; rank < world; rank++) {
        ranks.append(rank == 0 ? "" : ",");
        // the first epoch is twice as slow
        double times = 12 * (epoch == 1 ? 2 : 1);
        ranks.append(
            String.format(
                Locale.ROOT,
                "{\"rank\":%d,\"host\":\"a\",\"steps\":12,\"seconds\":{\"data\":%s,\"forward\":%s,"
                    + "\"backward\":%s,\"update\":%s,\"wait\":%s}}",
                rank,
                times * 0.2 / world,
                times * 0.6 / world,
                times * 1.2 / world,
                times * 0.04,
                times * (step - 2.0 / world - 0.04)));
      }
      line(
          events,
          "{\"event\":\"epoch\",\"version\":4,\"epoch\":%d,\"loss\":1,\"images_per_second\":60,"
              + "\"seconds\":30,\"keep_probability\":1,\"kept_fraction\":1,\"learning_rate\":0.1,"
              + "\"spent\":{\"steps\":26,\"evaluation\":2},\"ranks\":[%s]}",
          epoch,
          ranks);
    }
    Files.writeString(run.resolve("events.jsonl"), events);
    return run;
  }

  private static void line(StringBuilder events, String form, Object... values) {
    events.append(String.format(Locale.ROOT, form, values)).append('\n');
  }
}
