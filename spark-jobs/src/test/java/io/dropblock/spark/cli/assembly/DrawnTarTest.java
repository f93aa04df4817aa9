package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drawings in one tar are those of a folder: GNU tar unpacks it, and both are listed. */
class DrawnTarTest {
  @TempDir private java.nio.file.Path folder;

  @Test
  void aTarHoldsWhatAFolderHolds() throws IOException, InterruptedException {
    Demonstration demonstration = Demonstration.of("detection").orElseThrow();
    Path plain = new Path(folder.resolve("images").toString());
    Path tar = new Path(folder.resolve("images.tar").toString());
    ImageListing expected = demonstration.draw(plain, 3, new Configuration());
    ImageListing listed = demonstration.draw(tar, 3, new Configuration());

    assertThat(listed.classes()).isEqualTo(expected.classes());
    for (Split split : Split.values()) {
      assertThat(names(listed.files(split))).isNotEmpty().isEqualTo(names(expected.files(split)));
    }
    java.nio.file.Path unpacked = Files.createDirectory(folder.resolve("unpacked"));
    assertThat(run("tar", "xf", tar.toString(), "-C", unpacked.toString())).isZero();
    assertThat(run("diff", "-r", plain.toString(), unpacked.toString())).isZero();
  }

  private static List<String> names(List<ImageFile> files) {
    List<String> names = new ArrayList<>();
    files.forEach(file -> names.add(file.name()));
    return names;
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
