package io.dropblock.spark.ml;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Spark SQL in this JVM, on two threads, from when a test class asks for it to its end. */
final class SparkSessionHere implements AfterAllCallback {
  /** Starts it, unless it is there. */
  static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    session().stop();
  }
}
