package io.dropblock.spark.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.train.SmallRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataIdentityTest {
  @TempDir private Path folder;

  private static DataIdentity of(String identity, String... classes) {
    return new DataIdentity(List.of(classes), 100, 10, 3, identity, null);
  }

  @Test
  void theSameDataDoNotDiffer() {
    assertThat(of("x", "a", "b").difference(of("x", "a", "b"))).isEmpty();
    assertThat(of("x", "a", "b").classDifference(List.of("a", "b"))).isEmpty();
  }

  @Test
  void saysWhichClassesAreOthers() {
    assertThat(of("x", "a", "b", "c").difference(of("y", "b", "c", "d")))
        .contains("other classes: without 'a', with 'd' besides");
    assertThat(of("x", "a", "b", "c", "d", "e", "f").classDifference(List.of("a")))
        .contains("other classes: without 'b', 'c', 'd' and 2 more");
  }

  @Test
  void saysThatClassesAreInAnotherOrder() {
    assertThat(of("x", "a", "b", "c").difference(of("y", "a", "c", "b")))
        .contains(
            "the same classes in another order: number 1 is 'c' in place of 'b', number 2 is 'b' in"
                + " place of 'c'");
  }

  @Test
  void saysHowManyImagesThereAre() {
    assertThat(of("x", "a").difference(new DataIdentity(List.of("a"), 101, 12, 3, "y", null)))
        .contains(
            "101 images to train on in place of 100; 12 images to validate on in place of 10");
  }

  @Test
  void asManyOtherImagesDiffer() {
    assertThat(of("x", "a").difference(of("y", "a")))
        .contains("as many images of the same classes, but others, or in another order");
  }

  @Test
  void isThatOfTheManifest() throws IOException {
    DatasetManifest manifest = SmallRun.store(folder, 70);
    DataIdentity data = DataIdentity.of(manifest);
    assertThat(data)
        .isEqualTo(new DataIdentity(manifest.classes(), 70, 8, 2, manifest.identity(), null));
  }
}
