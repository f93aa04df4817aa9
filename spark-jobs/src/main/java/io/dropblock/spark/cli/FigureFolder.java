package io.dropblock.spark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropblock.spark.chart.LineChart;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Option;

/** Where an analysis writes its tables and figures. */
final class FigureFolder {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "analysis",
      description =
          "Folder for the files, which take the place of older ones; default ${DEFAULT-VALUE},"
              + " here.")
  private String out;

  private Path folder;
  private Configuration configuration;

  /** Looks whether there can be such a folder, and makes nothing. */
  void check(Application application) {
    configuration = application.configuration();
    folder = application.path("--out", out);
    NewFolder.obstacle(folder, configuration)
        .ifPresent(
            reason -> {
              throw new DataException("Cannot write --out " + folder + ": " + reason);
            });
  }

  /** Writes a chart. */
  void write(String name, LineChart chart) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(chart.image(), "png", bytes);
    } catch (IOException e) {
      throw new DataException("Cannot draw " + name + ": " + DataException.reason(e), e);
    }
    write(name, bytes.toByteArray());
  }

  /** Writes a text. */
  void write(String name, String text) {
    write(name, text.getBytes(UTF_8));
  }

  /** Writes a file and says so. */
  void write(String name, byte[] bytes) {
    Path file = HadoopPath.in(folder, name);
    try {
      FileSystem files = HadoopPath.fileSystem(folder, configuration);
      files.mkdirs(folder);
      WholeFile.replace(files, file, bytes);
    } catch (IOException e) {
      throw new DataException("Cannot write " + file + ": " + DataException.reason(e), e);
    }
    System.out.println("Wrote " + file);
  }
}
