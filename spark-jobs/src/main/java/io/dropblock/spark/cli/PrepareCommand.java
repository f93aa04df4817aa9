package io.dropblock.spark.cli;

import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.Preparation;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.Resize;
import io.dropblock.spark.data.source.HoldOut;
import io.dropblock.spark.data.source.ImageFolder;
import io.dropblock.spark.data.source.ImageListing;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Raw images to shards. */
@Command(
    name = "prepare",
    description = "Turns a folder or tar of class folders into Parquet shards to train from.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "SOURCE holds train/<class>/*.jpg and val/<class>/*.jpg, or <class>/*.jpg alone,",
      "of which a share is then held out for validation. JPEG and PNG.",
      "",
      "A run that was cut off is gone on with by the same command.",
      "",
      "Examples:",
      "  ./submit.sh prepare cifar10-imagefolder.tar --out data/cifar10",
      "  ./submit.sh prepare --check data/cifar10",
      "  ./submit.sh prepare --describe data/cifar10 --sheet cifar10.png"
    })
final class PrepareCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "SOURCE",
      arity = "0..1",
      description = "Directory or uncompressed tar, local or hdfs://.")
  private String source;

  @Option(names = "--out", paramLabel = "DIR", description = "The new data set.")
  private String out;

  @Option(names = "--name", description = "Name of the data set; default: that of --out.")
  private String name;

  @Option(
      names = "--skip-broken",
      description = "Leave broken images out, named and counted, and do not stop at them.")
  private boolean skipBroken;

  @Option(
      names = "--hold-out",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description =
          "Share for validation where SOURCE has no val folder; default ${DEFAULT-VALUE}.")
  private double holdOut;

  @Option(
      names = "--block",
      paramLabel = "RECORDS",
      defaultValue = "" + PreparationSettings.DEFAULT_BLOCK_RECORDS,
      description = "Records of a shuffle block, 64 to 256; default ${DEFAULT-VALUE}.")
  private int blockRecords;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the order and of the hold-out; default ${DEFAULT-VALUE}.")
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
    require(source, "parameter: 'SOURCE'");
    require(out, "option: '--out=DIR'");
    Path target = new Path(out);
    PreparationSettings settings;
    HoldOut share;
    try {
      settings =
          PreparationSettings.of(name == null ? target.getName() : name, seed)
              .withBlockRecords(blockRecords)
              .withResize(resize == null ? null : Resize.to(resize));
      share = new HoldOut(holdOut, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    try (Session session = Session.open("dropblock prepare", System.out)) {
      ImageListing listing =
          ImageFolder.list(new Path(source), session.spark().hadoopConfiguration(), share);
      DatasetManifest manifest =
          Preparation.run(
              session.spark(),
              listing,
              target,
              skipBroken ? settings.skippingBroken() : settings,
              StoredDataOptions.progress("prepared"));
      print(manifest, listing);
    }
    return 0;
  }

  private void require(String value, String what) {
    if (value == null) {
      throw new ParameterException(command.commandLine(), "Missing required " + what);
    }
  }

  private void print(DatasetManifest manifest, ImageListing listing) {
    System.out.printf(
        "Prepared %s: %d classes, %d images to train on, %d to validate on, %d shards%n",
        out,
        manifest.classes().size(),
        manifest.records(Split.TRAIN),
        manifest.records(Split.VAL),
        manifest.train().size() + manifest.val().size());
    if (listing.ignored() > 0) {
      System.out.printf("Passed over %d files that are no images%n", listing.ignored());
    }
    manifest
        .broken()
        .forEach(image -> System.out.printf("Left out %s: %s%n", image.name(), image.reason()));
  }
}
