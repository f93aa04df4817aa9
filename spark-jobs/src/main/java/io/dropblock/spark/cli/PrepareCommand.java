package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.AnyExecutor;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.prepare.Preparation;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Resize;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.report.ShardProgressLine;
import io.dropblock.spark.text.Count;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Raw images to shards. */
@Command(
    name = "prepare",
    description = "Turns raw images into Parquet shards to train from.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Formats of SOURCE; nothing is unpacked. Images are JPEG and PNG.",
      "  folder      train/<class>/*.jpg and val/<class>/*.jpg (also training, valid",
      "              and the like), or <class>/*.jpg alone, of which a share is",
      "              held out for validation; a directory or a tar",
      "  ilsvrc2012  ILSVRC2012_img_train.tar and ILSVRC2012_img_val.tar, as they",
      "              come, with the labels of ILSVRC2012_devkit_t12.tar.gz or of a",
      "              list of synsets",
      "  tfrecords   train-00000-of-01024 ... and validation-00000-of-00128 ..., of",
      "              ImageNet, or NAME-train.tfrecord-00000-of-00001 ... of TFDS, with",
      "              label.labels.txt",
      "  coco        annotations/instances_train2017.json and instances_val2017.json",
      "              with images in train2017 and val2017, or",
      "              train/_annotations.coco.json and valid/_annotations.coco.json with",
      "              images beside them (Roboflow), or annotations/instances_train.json",
      "              and instances_val.json with images in train and val or in images;",
      "              a directory or a tar",
      "  voc         VOCdevkit/VOC2012 with SegmentationClass, or",
      "              VOCtrainval_11-May-2012.tar",
      "",
      "After an interruption the same command continues where it stopped.",
      "",
      "Examples:",
      "  ./submit.sh prepare cifar10-imagefolder.tar --out data/cifar10",
      "  ./submit.sh prepare downloads/ilsvrc2012 --out data/imagenet --skip-broken",
      "  ./submit.sh prepare downloads/ilsvrc2012 --out data/imagenet \\",
      "      --labels synset_labels.txt",
      "  ./submit.sh prepare imagenet-tfrecords --out data/imagenet \\",
      "      --format tfrecords",
      "  ./submit.sh prepare downloads/coco2017 --out data/coco --skip-broken",
      "  ./submit.sh prepare VOCtrainval_11-May-2012.tar --out data/voc \\",
      "      --sbd benchmark_RELEASE",
      "  ./submit.sh prepare --check data/cifar10",
      "  ./submit.sh prepare --describe data/cifar10 --sheet cifar10.png"
    })
final class PrepareCommand implements Callable<Integer> {
  private static final Supplier<String> STOPPED =
      () -> "Stopped; the same command goes on where it was";

  @Mixin private SourceOptions source;

  @Option(names = "--out", paramLabel = "DIR", description = "The new data set.")
  private String out;

  @Option(names = "--name", description = "Name of the data set; default: that of --out.")
  private String name;

  @Option(
      names = "--skip-broken",
      description =
          "Leave broken images and annotations out, named and counted, and do not stop at them.")
  private boolean skipBroken;

  @Option(
      names = "--block",
      paramLabel = "RECORDS",
      defaultValue = "" + PreparationSettings.DEFAULT_BLOCK_RECORDS,
      description = "Records of a shuffle block, 64 to 256; default ${DEFAULT-VALUE}.")
  private int blockRecords;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the order, the hold-out and --per-class; default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--resize",
      paramLabel = "PIXELS",
      description =
          "Store images with a longer short side with this one, as JPEG of quality "
              + Resize.DEFAULT_QUALITY
              + "; default: original bytes.")
  private Integer resize;

  @Mixin private StoredDataOptions stored;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    if (stored.asked()) {
      return stored.run(seed);
    }
    source.require();
    if (out == null) {
      throw new ParameterException(command.commandLine(), "Missing required option: '--out=DIR'");
    }
    Application application = Application.ofTasks("dropblock prepare");
    Path target = application.path("--out", out);
    requireFree(target, application.configuration());
    PreparationSettings settings;
    try {
      settings =
          PreparationSettings.of(name == null ? target.getName() : name, seed)
              .withBlockRecords(blockRecords)
              .withResize(resize == null ? null : Resize.to(resize));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    source.check();
    Function<JavaSparkContext, ImageListing> list = source.list(application, seed);
    ShardProgressLine progress = StoredDataOptions.progress("prepared");
    try (Session session = application.start(System.out, STOPPED)) {
      new AnyExecutor(session.spark()).await(progress::waiting);
      ImageListing listing = list.apply(session.spark());
      listing.notes().forEach(System.out::println);
      DatasetManifest manifest =
          Preparation.run(
              session.spark(),
              listing,
              target,
              skipBroken ? settings.skippingBroken() : settings,
              progress);
      print(manifest);
    }
    return 0;
  }

  /**
   * @throws DataException where a new data set cannot be written there
   */
  static void requireFree(Path target, Configuration configuration) {
    Preparation.requireFree(target, configuration);
    NewFolder.obstacle(target, configuration)
        .ifPresent(
            reason -> {
              throw new DataException("Cannot write data set to " + target + ": " + reason);
            });
  }

  private void print(DatasetManifest manifest) {
    System.out.printf(
        Locale.ROOT,
        "Prepared %s: %s, %s to train on, %,d to validate on, %s%n",
        out,
        Count.of(manifest.classes().size(), "class"),
        Count.of(manifest.records(Split.TRAIN), "image"),
        manifest.records(Split.VAL),
        Count.of(manifest.train().size() + manifest.val().size(), "shard"));
    manifest
        .broken()
        .forEach(
            image ->
                System.out.printf(Locale.ROOT, "Left out %s: %s%n", image.name(), image.reason()));
  }
}
