package io.dropblock.spark.cli;

import io.dropblock.spark.cluster.ClusterException;
import io.dropblock.spark.cluster.SettingsCheck;
import io.dropblock.spark.cluster.SlotShare;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.gpu.GpuSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/**
 * An application with the settings that submit.sh gave it, which has not started: what can be
 * checked without a cluster is checked against it, as a cluster's start takes seconds to minutes.
 */
final class Application {
  private final SparkConf settings;
  private final Configuration configuration;
  private final SlotShare share;

  private Application(SparkConf settings, SlotShare share) {
    this.settings = GpuSettings.complete(settings);
    this.share = share;
    this.configuration = SparkHadoopUtil.get().newConfiguration(settings);
  }

  /**
   * Of a command whose tasks are independent of each other.
   *
   * @throws ClusterException if a setting cannot work
   */
  static Application ofTasks(String name) {
    SparkConf settings = new SparkConf().setAppName(name);
    SettingsCheck.forTasks(settings);
    return new Application(settings, SlotShare.whole());
  }

  /**
   * Of a command whose tasks are ranks. A stage that fails is not tried again by Spark, from the
   * start of the epoch, but by the trainer, from the newest checkpoint.
   *
   * @param world how many ranks there must be; 0 for as many as the executors have room for
   * @throws ClusterException if a setting cannot work, or the settings ask for too few task slots
   */
  static Application ofRanks(String name, int world) {
    return ofCells(name, world, 1);
  }

  /**
   * The same of several trainings side by side.
   *
   * @param world ranks that the largest of them must have; 0 for as many as its share has room for
   * @param atOnce how many, 1 or more
   * @throws ClusterException also if they do not find their slots side by side
   */
  static Application ofCells(String name, int world, int atOnce) {
    SparkConf settings =
        new SparkConf().setAppName(name).setIfMissing("spark.stage.maxConsecutiveAttempts", "1");
    SettingsCheck.forRanks(settings, world);
    return new Application(
        settings, atOnce == 1 ? SlotShare.whole() : SlotShare.of(settings, atOnce, world));
  }

  /**
   * Of the command that looks at a cluster, whatever its settings: it does not wait for executors
   * as long as a training would, and its stages are not tried again.
   *
   * @throws ClusterException if a setting for GPUs cannot be read
   */
  static Application toCheck(String name) {
    SparkConf settings =
        new SparkConf()
            .setAppName(name)
            .set("spark.scheduler.minRegisteredResourcesRatio", "0")
            .set("spark.stage.maxConsecutiveAttempts", "1");
    return new Application(settings, SlotShare.whole());
  }

  /** What each of its trainings has of the task slots. */
  SlotShare share() {
    return share;
  }

  SparkConf settings() {
    return settings;
  }

  /** Hadoop's, as the application will have it. */
  Configuration configuration() {
    return configuration;
  }

  /**
   * The full address of a folder or file that a user named. Where the driver runs on another host
   * than the user's, a plain path would mean that host's disk.
   *
   * @param option that named it
   * @throws ClusterException if it is such a path
   * @throws io.dropblock.spark.files.AddressException if it leads nowhere
   */
  Path path(String option, String text) {
    Path path = HadoopPath.of(text, configuration);
    if (isDriverElsewhere() && path.toUri().getScheme() == null && !text.startsWith("file:")) {
      throw new ClusterException(
          "Cannot use "
              + option
              + " "
              + text
              + ": with spark.submit.deployMode=cluster the driver runs on another host; give an"
              + " address such as hdfs://..., or file:///... where all hosts mount the same");
    }
    return path;
  }

  private boolean isDriverElsewhere() {
    return settings.get("spark.submit.deployMode", "client").equals("cluster");
  }

  /**
   * The same of something that must be there. Where a path without a scheme means another file
   * system than this machine's disk, people type one and mean their disk.
   *
   * @throws ClusterException also if that is so and nothing is there
   */
  Path input(String option, String text) {
    Path path = path(option, text);
    if (HadoopPath.isAddress(text) || path.toUri().getScheme() == null || isThere(path)) {
      return path;
    }
    throw new ClusterException(
        "Cannot find "
            + option
            + " "
            + text
            + ": nothing is at "
            + path
            + ", where paths without a scheme lead (fs.defaultFS); for what is on this machine say "
            + (isDriverElsewhere() ? "file:///..." : local(text))
            + ", where all hosts have the same, or copy it there with hdfs dfs -put");
  }

  private boolean isThere(Path path) {
    try {
      return HadoopPath.fileSystem(path, configuration).exists(path);
    } catch (IOException e) {
      // whoever reads it says more
      return true;
    }
  }

  private static String local(String text) {
    try {
      java.nio.file.Path file = java.nio.file.Path.of(text).toAbsolutePath().normalize();
      return Files.exists(file) ? "file://" + file : "file:///...";
    } catch (InvalidPathException e) {
      return "file:///...";
    }
  }

  /**
   * A folder that the command may name by itself.
   *
   * @param option that names it
   * @param typed null where the user leaves it to the command
   * @param name of what goes there
   * @throws ClusterException also if nobody would see that name
   */
  Path fresh(String option, String typed, String name) {
    if (typed == null && isDriverElsewhere()) {
      throw new ClusterException(
          "Cannot name a folder by itself: with spark.submit.deployMode=cluster the name would be in"
              + " the driver's log only; say "
              + option
              + " with an address such as hdfs://...");
    }
    return path(option, typed == null ? RunNames.fresh(name) : typed);
  }

  /**
   * Starts it, and says where the Spark UI is.
   *
   * @throws ClusterException if Spark cannot start
   */
  Session start(PrintStream out) {
    return start(out, () -> "Stopped");
  }

  /**
   * The same.
   *
   * @param stopped says how the command goes on another time, where it is told to end
   */
  Session start(PrintStream out, Supplier<String> stopped) {
    Session session = Session.start(settings, stopped);
    if (session.spark().sc().uiWebUrl().isDefined()) {
      out.println("Spark UI: " + session.spark().sc().uiWebUrl().get());
    }
    return session;
  }
}
