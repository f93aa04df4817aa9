package io.dropblock.spark.loop;

import io.dropblock.schedule.Schedule;
import io.dropblock.spark.allreduce.DropBlockHook;
import io.dropblock.spark.allreduce.RingAveraging;
import io.dropblock.spark.allreduce.RingTrainingMaster;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.feed.ClassPreprocessing;
import io.dropblock.spark.data.feed.FeedSource;
import io.dropblock.spark.data.feed.Slots;
import io.dropblock.spark.data.image.Normalization;
import io.dropblock.spark.data.image.PadCrop;
import io.dropblock.spark.objective.OneHotClassification;
import io.dropblock.spark.train.step.StoredEpochs;
import java.io.File;
import java.io.IOException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;

/** Trains a network on a prepared data set. Arguments: data set, network's file, ranks. */
public final class OwnLoop {
  private static final int EPOCHS = 5;
  private static final long SEED = 1;

  public static void main(String[] args) throws IOException {
    File file = new File(args[1]);
    int ranks = Integer.parseInt(args[2]);
    ComputationGraph network = ComputationGraph.load(file, true);
    RingTrainingMaster ring = new RingTrainingMaster(RingAveraging.ofGradients(ranks));
    DropBlockHook drop = new DropBlockHook(SEED);
    ring.addHook(drop);
    Schedule keep = Schedule.parse("linear(1, 0.9)");
    try (JavaSparkContext spark = new JavaSparkContext(new SparkConf().setAppName("own loop"))) {
      FeedSource source =
          FeedSource.open(
              args[0],
              Split.TRAIN,
              new ClassPreprocessing(new PadCrop(32, 4, true)),
              Normalization.CIFAR10,
              spark.hadoopConfiguration());
      OneHotClassification labels = new OneHotClassification(source.classes());
      Slots slots = Slots.of(4, 8);
      StoredEpochs images = new StoredEpochs(spark, source, labels, slots, ranks, SEED);
      SparkComputationGraph graph = new SparkComputationGraph(spark, network, ring);
      for (int epoch = 0; epoch < EPOCHS; epoch++) {
        drop.keep(keep.at((double) epoch / (EPOCHS - 1)));
        graph.fitMultiDataSet(images.epoch(epoch));
        System.out.println("epoch " + (epoch + 1) + ": loss " + ring.meanScore());
      }
    }
    network.save(file);
  }
}
