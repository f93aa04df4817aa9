package io.dropblock.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.source.DrawnShapes;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/**
 * A small run of the demo's recipe on two ranks.
 *
 * @param data prepared
 * @param folder of the run
 */
record TinyRun(Path data, Path folder) {
  private static final List<String> TINY =
      List.of(
          "--set", "train.local_batch=16",
          "--set", "model.width=2",
          "--set", "train.world=2");

  /** Draws {@code images} of shapes in a folder and makes {@code data} of them. */
  static void prepare(Path folder) throws IOException {
    new DrawnShapes(1)
        .write(
            FileSystem.getLocal(new Configuration()).getRaw(),
            new org.apache.hadoop.fs.Path(folder.resolve("images").toString()),
            12,
            3);
    String images = folder.resolve("images").toString();
    assertThat(Answer.to("prepare", images, "--out", folder.resolve("data").toString()).status())
        .isZero();
  }

  Answer train(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("train", "demo", "--data", data.toString(), "--run", folder.toString()));
    arguments.addAll(TINY);
    arguments.addAll(List.of(more));
    return Answer.to(arguments.toArray(String[]::new));
  }

  Answer resume(String... more) {
    return train(Stream.concat(Stream.of("--resume"), Stream.of(more)).toArray(String[]::new));
  }

  Checkpoint checkpoint(String name) {
    return RunFolder.open(new org.apache.hadoop.fs.Path(folder.toString()), new Configuration())
        .checkpoints()
        .named(name, line -> {});
  }

  static void assertFails(Answer answer, String message) {
    assertThat(answer.error().strip()).isEqualTo(message);
    assertThat(answer.status()).isEqualTo(1);
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Path target = to.resolve(from.relativize(one).toString());
        if (Files.isDirectory(one)) {
          Files.createDirectories(target);
        } else {
          Files.copy(one, target);
        }
      }
    }
  }
}
