package io.dropblock.spark.cli.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.nn.FoldedNetwork;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.image.CentralFraction;
import io.dropblock.spark.data.image.CentreCrop;
import io.dropblock.spark.data.image.ImageTransform;
import io.dropblock.spark.data.image.InceptionCrop;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.data.image.RandomResizedCrop;
import io.dropblock.spark.data.image.Resampling;
import io.dropblock.spark.data.image.augment.Augmentation;
import io.dropblock.spark.data.image.augment.AutoAugment;
import io.dropblock.spark.data.image.augment.ColorDistortion;
import io.dropblock.spark.data.image.augment.Cutout;
import io.dropblock.spark.data.image.augment.RandAugment;
import io.dropblock.spark.data.image.augment.RandomErasing;
import io.dropblock.spark.data.image.augment.TrivialAugment;
import io.dropblock.spark.data.image.mix.Cutmix;
import io.dropblock.spark.data.image.mix.Mixup;
import io.dropblock.spark.data.image.mix.MixupOrCutmix;
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
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class RecipePartsTest {
  private static final DatasetManifest ANY = Manifests.of(new ClassLabelKind(), 2, null);

  private static RecipeParts parts(String recipe, String... overrides) {
    return new RecipeParts(Recipe.load(recipe, List.of(overrides)));
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
    RecipeParts pads = parts("cifar10-resnet20", "data.classes=2", "data.size=16");
    assertThat(dataset(pads, small).classes()).hasSize(2);
    assertThatThrownBy(() -> dataset(pads, mixed))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot use data set %s for cifar10-resnet20: its image val/b.jpg has 64 x 48 pixels, and data.transform: pad-crop takes only 16 x 16; use a recipe for photographs, such as photos-resnet50-dropblock",
            mixed);
    RecipeParts scales = parts("photos-resnet50-dropblock", "data.classes=2");
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

  private static DatasetManifest dataset(RecipeParts parts, Path folder) {
    return parts.dataset(new org.apache.hadoop.fs.Path(folder.toString()), new Configuration());
  }

  @Test
  void augmentsBehindTheCropAndCutsOutLast() {
    RandomResizedCrop crop = new RandomResizedCrop(224, true);
    Augmentation auto = new Augmentation(crop, AutoAugment.V0);
    assertThat(transform("imagenet-resnet50", "data.augment=auto-augment")).isEqualTo(auto);
    assertThat(transform("imagenet-resnet50", "data.auto_augment=true")).isEqualTo(auto);
    assertThat(transform("imagenet-resnet50", "data.augment=rand-augment(3,12)"))
        .isEqualTo(new Augmentation(crop, new RandAugment(3, 12)));
    assertThat(transform("imagenet-resnet50", "data.cutout=56"))
        .isEqualTo(new Cutout(crop, 56, 128));
    assertThat(
            transform(
                "imagenet-resnet50",
                "data.augment=trivial-augment",
                "data.cutout=56",
                "data.random_erasing=0.1"))
        .isEqualTo(
            new RandomErasing(
                new Cutout(new Augmentation(crop, new TrivialAugment()), 56, 128), 0.1));
  }

  @Test
  void distortsColoursBehindInceptionsCrop() {
    ClassificationAssembly inception =
        assembly("imagenet-resnet50", "data.transform=inception-crop", "data.size=331");
    assertThat(inception.training(ANY).transform())
        .isEqualTo(new ColorDistortion(new InceptionCrop(331, true)));
    assertThat(inception.evaluation().transform()).isEqualTo(new CentralFraction(331));
  }

  @Test
  void mixesInTrainingOnly() {
    assertThat(assembly("imagenet-resnet50").training(ANY).mix()).isEmpty();
    assertThat(assembly("imagenet-resnet50", "data.mixup=0.2").training(ANY).mix())
        .contains(new Mixup(0.2));
    assertThat(assembly("imagenet-resnet50", "data.cutmix=1").training(ANY).mix())
        .contains(new Cutmix(1));
    ClassificationAssembly both =
        assembly("imagenet-resnet50", "data.mixup=0.2", "data.cutmix=0.5");
    assertThat(both.training(ANY).mix())
        .contains(new MixupOrCutmix(new Mixup(0.2), new Cutmix(0.5)));
    assertThat(both.evaluation().mix()).isEmpty();
  }

  @Test
  void evaluatesAtASizeOfItsOwn() {
    ClassificationAssembly small =
        assembly(
            "imagenet-resnet50",
            "data.size=176",
            "data.evaluation_size=224",
            "data.evaluation_resize=232");
    assertThat(small.training(ANY).transform()).isEqualTo(new RandomResizedCrop(176, true));
    assertThat(small.evaluation().transform()).isEqualTo(new CentreCrop(224, 232));
    assertThat(assembly("imagenet-resnet50", "data.evaluation_size=288").evaluation().transform())
        .isEqualTo(new CentreCrop(288));
  }

  /** Convolutions and a global average, so that what was made for 32 takes 64 and 75. */
  @Test
  void networksTakeImagesOfAnotherSize() {
    ComputationGraph network =
        parts("imagenet-resnet50", "data.size=32", "data.classes=7", "model.width=8").network();
    ComputationGraph folded = FoldedNetwork.of(network);
    for (int size : new int[] {32, 64, 75}) {
      INDArray images = Nd4j.rand(DataType.FLOAT, 2, 3, size, size);
      INDArray output = network.outputSingle(images);
      assertThat(output.shape()).containsExactly(2, 7);
      assertThat(folded.outputSingle(images).distance2(output)).isLessThan(1e-4);
    }
  }
}
