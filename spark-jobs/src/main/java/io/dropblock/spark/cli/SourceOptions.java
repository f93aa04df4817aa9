package io.dropblock.spark.cli;

import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.ImagesPerClass;
import io.dropblock.spark.data.source.coco.Coco;
import io.dropblock.spark.data.source.folder.HoldOut;
import io.dropblock.spark.data.source.folder.ImageFolder;
import io.dropblock.spark.data.source.format.SourceFormat;
import io.dropblock.spark.data.source.imagenet.Ilsvrc2012;
import io.dropblock.spark.data.source.imagenet.ValidationLabels;
import io.dropblock.spark.data.source.tfrecord.ImageRecords;
import io.dropblock.spark.data.source.voc.Voc2012;
import io.dropblock.spark.data.source.voc.VocTraining;
import io.dropblock.spark.files.HadoopPath;
import java.util.Locale;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which raw data set, in which layout. */
final class SourceOptions {
  private static final String AUTO = "auto";

  @Parameters(
      paramLabel = "SOURCE",
      arity = "0..1",
      description = "Directory or uncompressed tar, local or hdfs://.")
  private String source;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = AUTO,
      description =
          "Layout of SOURCE: folder, ilsvrc2012, tfrecords, coco or voc; default ${DEFAULT-VALUE},"
              + " by what lies there.")
  private String format;

  @Option(
      names = "--devkit",
      paramLabel = "PATH",
      description =
          "ilsvrc2012: the development kit, a folder or a .tar.gz; default: the one in SOURCE.")
  private String devkit;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "ilsvrc2012: synsets of the validation images, one a line, and no devkit.")
  private String labels;

  @Option(
      names = "--sbd",
      paramLabel = "PATH",
      description =
          "voc: SBD's benchmark_RELEASE, folder or tar, whose labels are trained on, too.")
  private String sbd;

  @Option(
      names = "--train-list",
      paramLabel = "LIST",
      description =
          "voc: list of the images to train on, such as trainaug, or a file that ends with .txt;"
              + " default: train, with --sbd also its images that are not in val.")
  private String trainList;

  @Option(
      names = "--hold-out",
      paramLabel = "SHARE",
      description =
          "folder: share for validation where SOURCE has no val folder; default "
              + HoldOut.DEFAULT_SHARE
              + ".")
  private Double holdOut;

  @Option(
      names = "--per-class",
      paramLabel = "N",
      description =
          "folder, ilsvrc2012, tfrecords: train on N images of each class at most, chosen by"
              + " --seed; default: all.")
  private Integer perClass;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * @throws ParameterException where there is no SOURCE
   */
  void require() {
    if (source == null) {
      throw new ParameterException(command.commandLine(), "Missing required parameter: 'SOURCE'");
    }
  }

  /**
   * Checks what can be checked without looking at SOURCE.
   *
   * @throws ParameterException where an option is out of range, or two exclude each other
   */
  void check() {
    try {
      if (!format.equals(AUTO)) {
        SourceFormat.of(format);
      }
      heldOut(0);
      if (perClass != null) {
        new ImagesPerClass(perClass, 0);
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    if (devkit != null && labels != null) {
      throw new ParameterException(
          command.commandLine(), "Cannot use both --devkit and --labels: give one of them");
    }
  }

  /**
   * Lists what lies there: at once, where that needs no cluster, so that a mistake does not cost
   * the start of one; else it says what is to be done on it.
   */
  Function<JavaSparkContext, ImageListing> list(Application application, long seed) {
    Path path = application.input("SOURCE", source);
    Configuration configuration = application.configuration();
    SourceFormat known =
        format.equals(AUTO) ? SourceFormat.detect(path, configuration) : SourceFormat.of(format);
    if (known != SourceFormat.ILSVRC2012 && (devkit != null || labels != null)) {
      throw new ParameterException(
          command.commandLine(),
          String.format(
              Locale.ROOT,
              "Cannot use --devkit or --labels for %s: its format is %s, not ilsvrc2012",
              source,
              known.word()));
    }
    if (known != SourceFormat.VOC && (sbd != null || trainList != null)) {
      throw new ParameterException(
          command.commandLine(),
          String.format(
              Locale.ROOT,
              "Cannot use --sbd or --train-list for %s: its format is %s, not voc",
              source,
              known.word()));
    }
    if (known != SourceFormat.FOLDER && holdOut != null) {
      throw new ParameterException(
          command.commandLine(),
          String.format(
              Locale.ROOT,
              "Cannot use --hold-out for %s: its format is %s, not folder",
              source,
              known.word()));
    }
    if (perClass == null) {
      return all(known, path, configuration, seed);
    }
    if (known == SourceFormat.COCO || known == SourceFormat.VOC) {
      throw new ParameterException(
          command.commandLine(),
          String.format(
              Locale.ROOT,
              "Cannot use --per-class for %s: its format is %s, whose images have more than a class"
                  + " each",
              source,
              known.word()));
    }
    return all(known, path, configuration, seed).andThen(new ImagesPerClass(perClass, seed)::of);
  }

  private Function<JavaSparkContext, ImageListing> all(
      SourceFormat known, Path path, Configuration configuration, long seed) {
    return switch (known) {
      case FOLDER -> done(ImageFolder.list(path, configuration, heldOut(seed)));
      case ILSVRC2012 -> {
        ValidationLabels read = validationLabels(path, configuration);
        yield spark -> Ilsvrc2012.list(spark, path, read);
      }
      case TFRECORDS -> spark -> ImageRecords.list(spark, path);
      case COCO -> done(Coco.list(path, configuration));
      case VOC ->
          done(
              Voc2012.list(
                  path,
                  new VocTraining(
                      trainList, sbd == null ? null : HadoopPath.of(sbd, configuration)),
                  configuration));
    };
  }

  private HoldOut heldOut(long seed) {
    return new HoldOut(holdOut == null ? HoldOut.DEFAULT_SHARE : holdOut, seed);
  }

  private static Function<JavaSparkContext, ImageListing> done(ImageListing listing) {
    return spark -> listing;
  }

  private ValidationLabels validationLabels(Path path, Configuration configuration) {
    if (labels != null) {
      return ValidationLabels.ofList(HadoopPath.of(labels, configuration), configuration);
    }
    return devkit != null
        ? ValidationLabels.ofDevkit(HadoopPath.of(devkit, configuration), configuration)
        : Ilsvrc2012.labels(path, configuration);
  }
}
