package io.dropblock.spark.ui;

import org.apache.spark.SparkContext;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tab: one page, and {@code json} beside it. */
public final class TrainingTab extends SparkUITab {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingTab.class);
  private static final String PREFIX = "training";
  private static final String QUEUE = "dropblock";

  TrainingTab(SparkUI ui) {
    super(ui, PREFIX);
    attachPage(new TrainingPage(this, ui.store()));
  }

  @Override
  public String name() {
    return "Training";
  }

  /**
   * Adds the tab to an application's UI, if it has one without the tab. What fails is told once and
   * harms nothing else.
   */
  public static synchronized void attach(SparkContext spark) {
    if (spark.ui().isEmpty()) {
      return;
    }
    try {
      SparkUI ui = spark.ui().get();
      if (ui.getTabs().exists(tab -> tab instanceof TrainingTab)) {
        return;
      }
      spark.listenerBus().addToQueue(new TrainingStory(ui.store().store()), QUEUE);
      ui.attachTab(new TrainingTab(ui));
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("Cannot add the tab Training to the Spark UI: {}", e.toString());
    }
  }
}
