package io.dropblock.spark.cli;

import io.dropblock.spark.chart.LineChart;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.report.page.ReportFile;
import io.dropblock.spark.report.page.ReportedRun;
import io.dropblock.spark.report.page.RunCurves;
import io.dropblock.spark.train.RunFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a page that tells how runs went. */
@Command(
    name = "report",
    description =
        "Writes a page that tells how a run went, or several to compare: one HTML file that loads"
            + " nothing else.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Examples:",
      "  ./submit.sh report runs/first",
      "  ./submit.sh report runs/baseline runs/dropblock --out compared.html \\",
      "      --png figures"
    })
final class ReportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", arity = "1..*", description = "Run folders of train.")
  private List<String> runs;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "The page; default: report.html in the run's folder. Needed for several runs.")
  private String out;

  @Option(
      names = "--png",
      paramLabel = "DIR",
      description = "Write each chart there, too, as curve-1.png and so on; a folder.")
  private String png;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    if (out == null && runs.size() > 1) {
      throw new ParameterException(
          command.commandLine(),
          "Missing required option: '--out=FILE', as there are several runs");
    }
    Application application = Application.ofTasks("dropblock report");
    Configuration configuration = application.configuration();
    List<Path> folders = runs.stream().map(run -> application.path("RUN", run)).toList();
    List<ReportedRun> reported =
        folders.stream().map(path -> ReportedRun.of(RunFolder.open(path, configuration))).toList();
    requireNames(reported);
    Path page =
        out == null
            ? HadoopPath.in(folders.get(0), ReportFile.NAME)
            : NewFile.path(application, "--out", out);
    ReportFile.write(HadoopPath.fileSystem(page, configuration), page, reported);
    System.out.println("Report: " + page);
    if (png != null) {
      charts(application.path("--png", png), new RunCurves(reported).charts(), configuration);
    }
    return 0;
  }

  private void requireNames(List<ReportedRun> reported) {
    if (reported.stream().map(ReportedRun::name).distinct().count() < reported.size()) {
      throw new ParameterException(
          command.commandLine(), "Cannot compare runs of one name: rename a folder");
    }
  }

  private static void charts(Path folder, List<LineChart> charts, Configuration configuration)
      throws IOException {
    HadoopPath.fileSystem(folder, configuration).mkdirs(folder);
    for (int i = 0; i < charts.size(); i++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      ImageIO.write(charts.get(i).image(), "png", bytes);
      String name = String.format(Locale.ROOT, "curve-%d.png", i + 1);
      write(HadoopPath.in(folder, name), bytes.toByteArray(), configuration);
    }
    System.out.printf(Locale.ROOT, "Charts: %d in %s%n", charts.size(), folder);
  }

  private static void write(Path file, byte[] bytes, Configuration configuration) {
    FileSystem files = HadoopPath.fileSystem(file, configuration);
    try {
      WholeFile.replace(files, file, bytes);
    } catch (IOException e) {
      throw new DataException("Cannot write " + file + ": " + DataException.reason(e), e);
    }
  }
}
