package io.dropblock.spark.cli;

import io.dropblock.nn.NetworkState;
import io.dropblock.spark.cli.assembly.RecipeParts;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.predict.Inference;
import io.dropblock.spark.predict.PredictionFormat;
import io.dropblock.spark.predict.PredictionJob;
import io.dropblock.spark.predict.PredictionSettings;
import io.dropblock.spark.predict.output.PredictionPlan;
import io.dropblock.spark.predict.source.ImageSource;
import io.dropblock.spark.recipe.Recipe;
import io.dropblock.spark.report.ShardProgressLine;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.train.RunFolder;
import io.dropblock.spark.train.checkpoint.Checkpoint;
import io.dropblock.spark.train.checkpoint.DataIdentity;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a run's network says of many images. */
@Command(
    name = "predict",
    description =
        "Asks a run's network about images, and writes what it says: a table, results as COCO has"
            + " them, or label maps as PASCAL VOC has them.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The table is a folder of Parquet files with a row for each image. A broken",
      "image gets a row that says why. What the columns are:",
      "docs/how-to/predict.md.",
      "",
      "Where it was cut off, the same command goes on with what is left.",
      "",
      "Examples:",
      "  ./submit.sh predict runs/first --images photos --out predictions",
      "  ./submit.sh predict runs/first --images hdfs:///data/photos.tar \\",
      "      --out hdfs:///predictions --checkpoint latest"
    })
final class PredictCommand implements Callable<Integer> {
  /** Of a rank's images; a killed executor loses no more than a part. */
  private static final int PARTS_OF_A_RANK = 8;

  private static final int MOST_OF_A_PART = 4096;

  private static final List<String> FORMATS = List.of("parquet", "coco", "png");

  @Parameters(paramLabel = "RUN", description = "The run folder of train.")
  private String run;

  @Option(
      names = "--images",
      required = true,
      paramLabel = "PATH",
      description =
          "A folder of JPEGs and PNGs, an uncompressed tar of them, one image, a Parquet file or a"
              + " folder of them with a column of images, or a data set, as prepare made it.")
  private String images;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "The new folder of Parquet files, or of PNGs; with --format coco the new file.")
  private String out;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description =
          "parquet: a table. coco: one JSON file in COCO's results format, of a network that finds"
              + " objects in images whose names are numbers, such as 000000000139.jpg. png: a PNG for"
              + " each image, called as that, in PASCAL VOC's colours, of a network that gives each"
              + " pixel a class. Default ${DEFAULT-VALUE}.")
  private String format;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      description = "Of a prepared data set: train or val; default: both.")
  private String split;

  @Option(
      names = "--column",
      paramLabel = "NAME",
      description =
          "Of a Parquet table: the column of encoded images, such as content or image.bytes;"
              + " default: the only one of bytes.")
  private String column;

  @Option(
      names = "--name-column",
      paramLabel = "NAME",
      description =
          "Of a Parquet table: the column that says what an image is called; default: its file and"
              + " row.")
  private String nameColumn;

  @Option(
      names = "--checkpoint",
      paramLabel = "NAME",
      defaultValue = "best",
      description = "best, latest, or a name such as epoch-0003; default ${DEFAULT-VALUE}.")
  private String name;

  @Mixin private WeightsOption weights;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "Classes that are told of an image, the most probable ones; default ${DEFAULT-VALUE}. Of"
              + " a network that gives an image one class.")
  private int top;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images that go through the network together; default: train.local_batch.")
  private Integer batch;

  @Option(
      names = "--pictures",
      paramLabel = "N",
      defaultValue = "0",
      description = "Draw the first N predictions, at most 200, into _pictures.png of --out.")
  private int pictures;

  @Option(names = "--strict", description = "Stop at the first broken image, and write nothing.")
  private boolean strict;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Ranges ranges = new Ranges(command);
    ranges.require("--top", top, 1, 100_000);
    ranges.require("--pictures", pictures, 0, 200);
    if (batch != null) {
      ranges.require("--batch", batch, 1, 4096);
    }
    requireFormat();
    Weights which = weights.weights();
    ImageSource.Choice choice =
        new ImageSource.Choice(
            split(), Optional.ofNullable(column), Optional.ofNullable(nameColumn));
    Application application = Application.ofTasks("dropblock predict");
    Path target = application.path("--out", out);
    requireFree(application, target);
    Checkpoint checkpoint =
        RunFolder.open(application.input("RUN", run), application.configuration())
            .checkpoints()
            .named(name, System.out::println);
    NetworkState network = which.take(checkpoint, "run " + run);
    Recipe recipe = Recipe.parse(checkpoint.recipe());
    Inference inference = inference(checkpoint, recipe);
    if (batch != null) {
      ranges.require("--batch", batch, 1, PredictionSettings.mostBatch(inference.size()));
    }
    ImageSource source =
        ImageSource.list(
            application.input("--images", images), choice, application.configuration());
    source.notes().forEach(System.out::println);
    PredictionSettings settings =
        new PredictionSettings(
            batch == null ? recipe.train().localBatch() : batch, strict, pictures);
    PredictionJob job =
        new PredictionJob(
            network,
            inference,
            format(inference, recipe),
            settings,
            new ShardProgressLine(System.out, System.console() != null, "predicted", "part"));
    job.requireKeys(source);
    try (Session session = application.start(System.out)) {
      int world = TaskSlots.all(session.spark()).await(0);
      long begin = System.nanoTime();
      PredictionPlan plan =
          PredictionPlan.of(
              most(source.images(), world, settings.batch()),
              deciding(checkpoint, source, settings));
      PredictionJob.Result result = job.run(session.spark(), source, plan, target);
      print(result, (System.nanoTime() - begin) / 1e9);
      if (!result.pictures().isEmpty()) {
        PredictedPictures.draw(result.pictures(), target, application.configuration());
      }
    }
    return 0;
  }

  private Optional<Split> split() {
    if (split == null) {
      return Optional.empty();
    }
    return Optional.of(
        Arrays.stream(Split.values())
            .filter(one -> one.word().equals(split))
            .findFirst()
            .orElseThrow(
                () ->
                    new ParameterException(
                        command.commandLine(),
                        "Cannot use --split " + split + ": it is none of train, val")));
  }

  private void requireFormat() {
    if (!FORMATS.contains(format)) {
      throw new ParameterException(
          command.commandLine(),
          "Cannot use --format " + format + ": it is none of " + String.join(", ", FORMATS));
    }
    if (pictures > 0 && format.equals("coco")) {
      throw new ParameterException(
          command.commandLine(),
          "Cannot draw --pictures with --format coco: its output is a file, no folder");
    }
  }

  private PredictionFormat format(Inference inference, Recipe recipe) {
    return inference.formats().stream()
        .filter(it -> it.word().equals(format))
        .findFirst()
        .orElseThrow(
            () ->
                new TrainingException(
                    String.format(
                        Locale.ROOT,
                        "Cannot write predictions as --format %s: run %s is for %s, whose"
                            + " predictions are written as %s",
                        format,
                        run,
                        new RecipeParts(recipe).task(),
                        String.join(
                            " or ",
                            inference.formats().stream().map(PredictionFormat::word).toList()))));
  }

  /** What decides the predictions. */
  private Map<String, String> deciding(
      Checkpoint checkpoint, ImageSource source, PredictionSettings settings) {
    Map<String, String> deciding = new TreeMap<>();
    deciding.put("checkpoint", checkpoint.identity());
    deciding.put(
        "images",
        String.format(
            Locale.ROOT,
            "%s (listing %.12s)",
            Count.of(source.images(), "image"),
            source.identity()));
    deciding.put("--weights", weights.weights().name().toLowerCase(Locale.ROOT));
    deciding.put("--format", format);
    deciding.put("--batch", String.valueOf(settings.batch()));
    deciding.put("--top", String.valueOf(top));
    return deciding;
  }

  private static void requireFree(Application application, Path target) {
    PredictionJob.requireFree(target, application.configuration());
    NewFolder.obstacle(target, application.configuration())
        .ifPresent(
            reason -> {
              throw new DataException("Cannot write predictions to " + target + ": " + reason);
            });
  }

  private Inference inference(Checkpoint checkpoint, Recipe recipe) {
    Checkpoint.Origin origin = checkpoint.manifest().origin();
    if (origin == null) {
      throw new TrainingException(
          "Cannot predict with run "
              + run
              + ": an older version wrote its checkpoint, which did not keep the names of the"
              + " classes");
    }
    DataIdentity data = origin.data();
    return new RecipeParts(recipe)
        .inference(
            data.classes(), data.categoryIds() == null ? List.of() : data.categoryIds(), top);
  }

  /**
   * Images of a part: so few that each rank has several parts, and loses little. Whole batches, if
   * it has one: smaller ones take longer an image.
   */
  static int most(long images, int world, int batch) {
    long parts = (long) world * PARTS_OF_A_RANK;
    int share = (int) Math.max(1, Math.min(MOST_OF_A_PART, (images + parts - 1) / parts));
    return share < batch ? share : (share + batch - 1) / batch * batch;
  }

  private void print(PredictionJob.Result result, double seconds) {
    System.out.printf(
        Locale.ROOT,
        "Predicted %s in %.1f s, %,.0f images/s: %s%n",
        Count.of(result.images(), "image"),
        seconds,
        result.images() / seconds,
        out);
    if (result.broken() > 0) {
      System.out.printf(
          Locale.ROOT,
          "Broken: %s, %s, such as%n",
          Count.of(result.broken(), "image"),
          result
              .list()
              .map(list -> "which have no prediction: " + list + " says why")
              .orElse("whose rows say why in column broken"));
      result.examples().forEach(line -> System.out.println("  " + line));
    }
  }
}
