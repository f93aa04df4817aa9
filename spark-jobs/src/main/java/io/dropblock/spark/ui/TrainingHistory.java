package io.dropblock.spark.ui;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** The tab in the history server, which finds this class by its service file. */
public final class TrainingHistory implements AppHistoryServerPlugin {
  @Override
  public Seq<SparkListener> createListeners(SparkConf settings, ElementTrackingStore store) {
    return JavaConverters.asScalaBuffer(List.<SparkListener>of(new TrainingStory(store)));
  }

  /** Applications that trained nothing have no tab. */
  @Override
  public void setupUI(SparkUI ui) {
    try {
      if (!TrainingStory.lines(ui.store().store()).isEmpty()) {
        ui.attachTab(new TrainingTab(ui));
      }
    } catch (Exception e) {
      throw new IllegalStateException("Cannot add the tab Training", e);
    }
  }
}
