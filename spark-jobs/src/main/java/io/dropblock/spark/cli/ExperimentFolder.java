package io.dropblock.spark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dropblock.spark.chart.Chart;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.experiment.Results;
import io.dropblock.spark.files.FolderLock;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.report.page.ReportFile;
import io.dropblock.spark.report.page.ReportedRun;
import io.dropblock.spark.train.failure.TrainingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** What an experiment leaves: a run folder for each cell, and what they came to. */
final class ExperimentFolder {
  private final Path path;
  private final FileSystem files;

  ExperimentFolder(Path path, Configuration configuration) {
    this.path = path;
    this.files = HadoopPath.fileSystem(path, configuration);
  }

  Path path() {
    return path;
  }

  /** The run folder of a cell. */
  Path cell(String name) {
    return HadoopPath.in(path, "cells/" + name);
  }

  /** Whether an experiment was begun here. */
  boolean isBegun() {
    try {
      return files.exists(HadoopPath.in(path, "cells"));
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot read " + path + ": " + DataException.reason(WholeFile.plain(e)), e);
    }
  }

  /**
   * Makes this process the only one that trains here.
   *
   * @throws TrainingException if another one does, or the folder cannot be written
   */
  FolderLock lock() {
    try {
      return FolderLock.take(files, HadoopPath.in(path, ".lock"), "experiment");
    } catch (IOException e) {
      throw new TrainingException(
          "Cannot train in " + path + ": " + DataException.reason(WholeFile.plain(e)), e);
    }
  }

  /** Writes table, values and figures, in place of older ones. */
  void write(Results results) throws IOException {
    write("results.txt", results.table().getBytes(UTF_8));
    write("results.csv", results.csv().getBytes(UTF_8));
    for (Map.Entry<String, Chart> figure : results.figures().entrySet()) {
      write(figure.getKey() + ".svg", figure.getValue().svg().getBytes(UTF_8));
      ByteArrayOutputStream png = new ByteArrayOutputStream();
      ImageIO.write(figure.getValue().image(), "png", png);
      write(figure.getKey() + ".png", png.toByteArray());
    }
  }

  /** Writes a page that compares the runs. */
  Path report(List<ReportedRun> runs) {
    Path page = HadoopPath.in(path, ReportFile.NAME);
    ReportFile.write(files, page, runs);
    return page;
  }

  private void write(String name, byte[] bytes) throws IOException {
    WholeFile.replace(files, HadoopPath.in(path, name), bytes);
  }
}
