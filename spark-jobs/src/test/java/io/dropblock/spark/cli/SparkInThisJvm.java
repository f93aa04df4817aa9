package io.dropblock.spark.cli;

import io.dropblock.spark.train.progress.TrainingPlugin;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Commands of a test class start Spark inside this JVM, on two threads and without its UI, as
 * submit.sh does.
 */
final class SparkInThisJvm implements BeforeAllCallback, AfterAllCallback {
  private static final Map<String, String> PROPERTIES =
      Map.of(
          "spark.master",
          "local[2]",
          "spark.ui.enabled",
          "false",
          TrainingPlugin.SETTING,
          TrainingPlugin.class.getName());

  @Override
  public void beforeAll(ExtensionContext context) {
    PROPERTIES.forEach(System::setProperty);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    PROPERTIES.keySet().forEach(System::clearProperty);
  }
}
