package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.JobLabel;
import io.dropblock.spark.cluster.OneTry;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.train.failure.TrainingException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The runs that an analysis compares. */
final class AnalyzedRuns {
  @Parameters(
      paramLabel = "RUN",
      arity = "1..*",
      description =
          "Run folders of train, each for its best checkpoint, or checkpoints, such as"
              + " RUN/checkpoints/latest.")
  private List<String> runs;

  @Mixin private WeightsOption weights;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Reads them. */
  List<AnalyzedRun> read(Application application) {
    Weights which = weights.weights();
    List<AnalyzedRun> read =
        runs.stream().map(run -> AnalyzedRun.read(application, run, which)).toList();
    if (read.stream().map(AnalyzedRun::name).distinct().count() < read.size()) {
      throw new ParameterException(
          command.commandLine(), "Cannot compare runs of one name: rename a folder");
    }
    return read;
  }

  /** The data set, which is to fit each of them. */
  static DatasetManifest dataset(List<AnalyzedRun> runs, Path data, Configuration configuration) {
    DatasetManifest manifest = null;
    for (AnalyzedRun run : runs) {
      manifest = run.parts().dataset(data, configuration);
      run.requireClasses(
          manifest.classes(),
          "data set " + data,
          "prepare it with the class folders that the network was trained on");
    }
    return manifest;
  }

  /** Runs a job over a network, once. */
  static <T> T job(JavaSparkContext spark, AnalyzedRun run, Supplier<T> job) {
    OneTry oneTry = OneTry.of(spark);
    try {
      return new JobLabel("analysis", "analyze", "analysis of run " + run.name())
          .during(spark, job);
    } catch (Exception e) {
      if (oneTry.reason().isPresent()) {
        throw new TrainingException(
            "Cannot analyze run " + run.trained().run() + ": " + oneTry.reason().get(), e);
      }
      throw e;
    } finally {
      oneTry.close();
    }
  }
}
