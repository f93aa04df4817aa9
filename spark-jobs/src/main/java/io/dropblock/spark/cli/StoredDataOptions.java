package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.AnyExecutor;
import io.dropblock.spark.data.inspect.CheckReport;
import io.dropblock.spark.data.inspect.DatasetCheck;
import io.dropblock.spark.data.inspect.DatasetDescription;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.report.DatasetTable;
import io.dropblock.spark.report.ShardProgressLine;
import io.dropblock.spark.text.Count;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What prepare does with a data set that is stored already, in place of preparing one. */
final class StoredDataOptions {
  @Option(
      names = "--check",
      paramLabel = "DIR",
      description =
          "Verify a prepared data set: all hashes, counts, images and labels. Status 1 if damaged.")
  private String check;

  @Option(
      names = "--describe",
      paramLabel = "DIR",
      description = "Show what is in a prepared data set, and draw some of its images.")
  private String describe;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description = "PNG that --describe draws; default: the data set's name and -sheet.png, here.")
  private String sheet;

  @Option(
      names = "--sheet-images",
      paramLabel = "COUNT",
      defaultValue = "30",
      description = "Images on it, of random classes, by --seed; default ${DEFAULT-VALUE}.")
  private int sheetImages;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Whether there is anything to do here. */
  boolean asked() {
    return check != null || describe != null;
  }

  /** Checks, describes, or both; the status to exit with. */
  int run(long seed) throws IOException {
    if (sheetImages < 1 || sheetImages > 1000) {
      throw new ParameterException(
          command.commandLine(),
          String.format(
              Locale.ROOT, "Invalid --sheet-images: %d is not in 1 to 1000", sheetImages));
    }
    int status = 0;
    Application application = Application.ofTasks("dropblock prepare");
    Optional<Path> toCheck = folder(application, "--check", check);
    Optional<Path> toDescribe = folder(application, "--describe", describe);
    try (Session session = application.start(System.out)) {
      new AnyExecutor(session.spark()).await(progress("prepared")::waiting);
      if (toCheck.isPresent()) {
        status = check(session, toCheck.get());
      }
      if (toDescribe.isPresent() && status == 0) {
        describe(session, toDescribe.get(), seed);
      }
    }
    return status;
  }

  private static Optional<Path> folder(Application application, String option, String typed) {
    Optional<Path> folder = Optional.ofNullable(typed).map(name -> application.path(option, name));
    folder.ifPresent(path -> ManifestFile.readAlone(path, application.configuration()));
    return folder;
  }

  private int check(Session session, Path folder) {
    CheckReport report = DatasetCheck.run(session.spark(), folder, progress("checked"));
    int damages = report.damages().size();
    report.damages().forEach(System.out::println);
    System.out.printf(
        Locale.ROOT,
        "Checked %s: %s, %s, %s%n",
        folder,
        Count.of(report.shards(), "shard"),
        Count.of(report.records(), "record"),
        damages == 0 ? "no damage found" : "damage in " + Count.of(damages, "place"));
    return damages == 0 ? 0 : 1;
  }

  private void describe(Session session, Path folder, long seed) throws IOException {
    DatasetDescription description =
        DatasetDescription.of(session.spark(), folder, sheetImages, seed, progress("read"));
    DatasetTable.lines(description).forEach(System.out::println);
    String name = description.manifest().settings().name();
    String typed = sheet == null ? name.replaceAll("[^\\w.-]", "_") + "-sheet.png" : sheet;
    // a name without a scheme is a file here, whatever the cluster's file system
    Configuration configuration =
        HadoopPath.isAddress(typed)
            ? session.spark().hadoopConfiguration()
            : new Configuration(false);
    Path file = HadoopPath.of(typed, configuration);
    FileSystem files = HadoopPath.fileSystem(file, configuration);
    files.mkdirs(file.getParent());
    ByteArrayOutputStream drawn = new ByteArrayOutputStream();
    description.sheet().write(drawn);
    WholeFile.replace(files, file, drawn.toByteArray());
    System.out.printf(Locale.ROOT, "%nContact sheet: %s%n", file);
  }

  static ShardProgressLine progress(String verb) {
    return new ShardProgressLine(System.out, System.console() != null, verb);
  }
}
