package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.image.AutoAugment;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.Cutout;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.image.RandomResizedCrop;
import io.dropblock.spark.data.image.Resampling;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExperimentTest {
  private static final DatasetManifest ANY = Manifests.of(new ClassLabelKind(), 2, null);

  private static Experiment experiment(String recipe, String... overrides) {
    return new Experiment(Recipe.load(recipe, List.of(overrides)));
  }

  private static ClassificationAssembly assembly(String recipe, String... overrides) {
    return (ClassificationAssembly) Assembly.of(Recipe.load(recipe, List.of(overrides)));
  }

  private static ImageTransform transform(String recipe, String... overrides) {
    return assembly(recipe, overrides).training(ANY).transform();
  }

  @Test
  void cropsOnlyWhereNothingElseIsAskedFor() {
    assertThat(transform("imagenet-resnet50")).isEqualTo(new RandomResizedCrop(224, true));
    assertThat(transform("cifar10-resnet20")).isEqualTo(new PadCrop(32, 4, true));
  }

  @Test
  void decodesInFullUnlessToldOtherwise() {
    assertThat(transform("imagenet-resnet50", "data.scaled_decoding=true"))
        .isEqualTo(new RandomResizedCrop(224, true, Resampling.BICUBIC, true));
  }

  @Test
  void evaluatesWhatItTrainsOn() {
    assertThat(assembly("cifar10-resnet20").evaluation().transform())
        .isEqualTo(PadCrop.unpadded(32));
    assertThat(assembly("imagenet-resnet50").evaluation().transform())
        .isEqualTo(new CentreCrop(224));
  }

  /** Training saw corners of photographs, evaluation their scaled middles. */
  @Test
  void takesNoPhotographsForPadCrop(@TempDir Path folder) throws IOException {
    Path small = Files.createDirectory(folder.resolve("small"));
    Path mixed = Files.createDirectory(folder.resolve("mixed"));
    List<ImageRecord> photographs =
        List.of(
            new ImageRecord(TestImages.jpeg(16, 16, 1), new ClassLabel(0), "val/a.jpg"),
            new ImageRecord(TestImages.jpeg(64, 48, 1), new ClassLabel(1), "val/b.jpg"));
    store(small, TestShards.records("val", 4, 2));
    store(mixed, photographs);
    Experiment pads = experiment("cifar10-resnet20", "data.classes=2", "data.size=16");
    assertThat(dataset(pads, small).classes()).hasSize(2);
    assertThatThrownBy(() -> dataset(pads, mixed))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot use data set %s for cifar10-resnet20: its image val/b.jpg has 64 x 48 pixels, and data.transform: pad-crop takes only 16 x 16; use a recipe for photographs, such as photos-resnet50-dropblock",
            mixed);
    Experiment scales = experiment("photos-resnet50-dropblock", "data.classes=2");
    assertThat(dataset(scales, mixed).classes()).hasSize(2);
  }

  private static void store(Path folder, List<ImageRecord> val) throws IOException {
    List<ImageRecord> train = TestShards.records("train", 10, 2);
    TestShards.write(
        folder,
        TestShards.manifest(
            List.of(TestShards.write(folder, "train-00000.parquet", train, 64)),
            List.of(TestShards.write(folder, "val-00000.parquet", val, 64)),
            2));
  }

  private static DatasetManifest dataset(Experiment experiment, Path folder) {
    return experiment.dataset(
        new org.apache.hadoop.fs.Path(folder.toString()), new Configuration());
  }

  @Test
  void augmentsBehindTheCropAndCutsOutLast() {
    RandomResizedCrop crop = new RandomResizedCrop(224, true);
    assertThat(transform("imagenet-resnet50", "data.auto_augment=true"))
        .isEqualTo(new AutoAugment(crop));
    assertThat(transform("imagenet-resnet50", "data.cutout=56"))
        .isEqualTo(new Cutout(crop, 56, 128));
    assertThat(transform("imagenet-resnet50", "data.auto_augment=true", "data.cutout=56"))
        .isEqualTo(new Cutout(new AutoAugment(crop), 56, 128));
  }
}
