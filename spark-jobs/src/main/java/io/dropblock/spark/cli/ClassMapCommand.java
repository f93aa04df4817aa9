package io.dropblock.spark.cli;

import io.dropblock.spark.analyze.MapSpread;
import io.dropblock.spark.analyze.MapSurvey;
import io.dropblock.spark.analyze.SeenImage;
import io.dropblock.spark.cluster.TaskSlots;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.evaluate.SplitImages;
import io.dropblock.spark.report.ClassMapPicture;
import io.dropblock.spark.text.Count;
import io.dropblock.spark.text.Table;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where networks look. */
@Command(
    name = "cam",
    description =
        "Draws class activation maps of trained networks side by side over the same images: the"
            + " paper's figure 6, and tells what share of a map lies above half its maximum.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "With --images the networks look at a folder of images, without a cluster.",
      "With --data they look at all validation images, and some of these are drawn.",
      "",
      "Example:",
      "  ./submit.sh analyze cam runs/plain runs/dropblock --images photos \\",
      "      --out figure-6"
    })
final class ClassMapCommand implements Callable<Integer> {
  @Mixin private AnalyzedRuns runs;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "A folder of JPEGs and PNGs of any size, in the order of their names.")
  private String images;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "A data set, as prepare made it; its validation images are taken.")
  private String data;

  @Option(
      names = "--count",
      paramLabel = "NUMBER",
      defaultValue = "8",
      description =
          "Most images that are drawn; default ${DEFAULT-VALUE}. With --data they are spread"
              + " evenly over the validation images.")
  private int count;

  @Option(
      names = "--class",
      paramLabel = "NAME",
      description = "Whose maps they are; default: the class that a network takes each image for.")
  private String label;

  @Mixin private FigureFolder figures;

  @Spec private CommandSpec command;

  /** Names by number, once they are known. */
  private List<String> classes = List.of();

  @Override
  public Integer call() throws IOException {
    if ((images == null) == (data == null)) {
      throw new ParameterException(
          command.commandLine(),
          images == null
              ? "Missing required option: '--images=DIR' or '--data=DIR'"
              : "Cannot use both --images and --data: give one");
    }
    new Ranges(command).require("--count", count, 1, 1000);
    Application application =
        data == null
            ? Application.ofTasks("dropblock analyze")
            : Application.ofRanks("dropblock analyze", 0);
    figures.check(application);
    List<AnalyzedRun> read = runs.read(application);
    Map<AnalyzedRun, MapSurvey.Result> results =
        data == null ? ofFolder(application, read) : ofDataSet(application, read);
    tell(results);
    draw(results);
    return 0;
  }

  private Map<AnalyzedRun, MapSurvey.Result> ofFolder(
      Application application, List<AnalyzedRun> read) {
    Path folder = application.input("--images", images);
    for (AnalyzedRun run : read) {
      if (read.get(0).classes().isPresent()) {
        run.requireClasses(
            read.get(0).classes().get(),
            "run " + read.get(0).trained().run(),
            "compare networks of the same classes");
      }
    }
    ImageFiles files = ImageFiles.in(folder, count, application.configuration());
    files.note().ifPresent(System.out::println);
    Map<AnalyzedRun, MapSurvey.Result> results = new LinkedHashMap<>();
    for (AnalyzedRun run : read) {
      FolderSurvey survey = new FolderSurvey(run);
      classes = run.classes().orElseGet(survey::numbers);
      results.put(run, survey.look(files, label()));
    }
    return results;
  }

  private Map<AnalyzedRun, MapSurvey.Result> ofDataSet(
      Application application, List<AnalyzedRun> read) {
    Path dataset = application.input("--data", data);
    DatasetManifest manifest = AnalyzedRuns.dataset(read, dataset, application.configuration());
    classes = manifest.classes();
    int of = label();
    Set<Long> shown = spread(count, manifest.records(Split.VAL));
    Map<AnalyzedRun, MapSurvey.Result> results = new LinkedHashMap<>();
    try (Session session = application.start(System.out)) {
      int world = TaskSlots.all(session.spark()).await(0);
      for (AnalyzedRun run : read) {
        SplitImages split =
            run.parts().evaluation(dataset, manifest, application.configuration(), world).images();
        MapSurvey survey =
            new MapSurvey(split, run.classifier().features(), run.classifier().output(), of, shown);
        results.put(
            run,
            AnalyzedRuns.job(
                session.spark(), run, () -> survey.run(session.spark(), run.network())));
      }
    }
    return results;
  }

  /** Places of at most so many of all images, far from each other. */
  static SortedSet<Long> spread(int count, long all) {
    SortedSet<Long> places = new TreeSet<>();
    IntStream.range(0, count).forEach(i -> places.add(i * all / count));
    return places;
  }

  /** Its number; -1 for none. */
  private int label() {
    if (label == null) {
      return -1;
    }
    int number = classes.indexOf(label);
    if (number < 0) {
      throw new ParameterException(
          command.commandLine(),
          String.format(
              Locale.ROOT,
              "Cannot use --class %s: the classes are %s",
              label,
              String.join(", ", classes.subList(0, Math.min(10, classes.size())))
                  + (classes.size() > 10 ? " and " + (classes.size() - 10) + " more" : "")));
    }
    return number;
  }

  private static void tell(Map<AnalyzedRun, MapSurvey.Result> results) {
    Table table = Table.of("network", "images", "above half %");
    results.forEach(
        (run, result) -> {
          MapSpread spread = result.spread();
          if (spread.notFinite() > 0) {
            throw new TrainingException(
                "Cannot analyze run "
                    + run.trained().run()
                    + ": its maps are not finite for "
                    + Count.of(spread.notFinite(), "image")
                    + "; take another checkpoint");
          }
          table.row(
              run.trained().toString(),
              String.format(Locale.ROOT, "%,d", spread.images()),
              String.format(Locale.ROOT, "%.2f", 100 * spread.mean()));
        });
    System.out.print(table);
  }

  private void draw(Map<AnalyzedRun, MapSurvey.Result> results) {
    List<MapSurvey.Result> all = List.copyOf(results.values());
    List<List<SeenImage>> rows = new ArrayList<>();
    for (int image = 0; image < all.get(0).seen().size(); image++) {
      int row = image;
      rows.add(all.stream().map(result -> result.seen().get(row)).toList());
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      new ClassMapPicture(results.keySet().stream().map(AnalyzedRun::name).toList(), classes)
          .write(rows, png);
    } catch (IOException e) {
      throw new DataException("Cannot draw the maps: " + DataException.reason(e), e);
    }
    figures.write("cam.png", png.toByteArray());
  }
}
