package io.dropblock.spark.data;

import io.dropblock.spark.train.progress.TrainingPlugin;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** A Spark of this process, as small and quick as it gets, with our plugin. */
public final class LocalSpark {
  private LocalSpark() {}

  /** Starts one with a number of threads; the caller closes it. */
  public static JavaSparkContext start(int threads) {
    return start(threads, Map.of());
  }

  /** Starts one with a number of threads and other settings; the caller closes it. */
  public static JavaSparkContext start(int threads, Map<String, String> settings) {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[" + threads + "]")
            .setAppName("test")
            .set("spark.ui.enabled", "false")
            .set(TrainingPlugin.SETTING, TrainingPlugin.class.getName())
            .set("spark.driver.host", "localhost")
            .set("spark.driver.bindAddress", "127.0.0.1");
    settings.forEach(conf::set);
    return new JavaSparkContext(conf);
  }
}
