package io.dropblock.spark.allreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.nn.DropBlock;
import io.dropblock.schedule.Schedule;
import io.dropblock.spark.data.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.api.Repartition;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Our master against dl4j-spark's, which averages parameters and momentum behind each step of the
 * ranks. Nesterov momentum is linear in the gradient, and so is L2 in the parameters: the mean of
 * the ranks' steps is the step of their mean gradient, but for rounding.
 */
class StockEqualityTest {
  private static final int WORLD = 2;
  private static final int STEPS = 6;
  private static final int CLASSES = 5;

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(WORLD);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @ParameterizedTest
  @CsvSource({"FLOAT, 1e-6", "DOUBLE, 1e-12"})
  void averagedGradientsAreTheStockMastersAverages(DataType type, double tolerance) {
    List<DataSet> batches = new SmallNetwork(new Nesterovs(.05, .9), type).batches(STEPS);
    ComputationGraph ours = network(type);
    ComputationGraph stock = network(type);
    INDArray start = ours.params().dup();
    // The stock master puts the rounds of one fit in random order: a fit each
    for (DataSet batch : batches) {
      fit(stock, stockMaster(), List.of(batch));
    }
    fit(ours, new RingTrainingMaster(RingAveraging.ofGradients(WORLD)), batches);

    assertThat(ours.params().distance2(start)).isGreaterThan(.1);
    assertThat(apart(ours.params(), stock.params())).isLessThan(tolerance);
    assertThat(apart(momentum(ours), momentum(stock))).isLessThan(10 * tolerance);
  }

  /** Each rank would count for itself, and draw the masks that the others draw. */
  @Test
  void neitherTrainsCopiesThatDrawByTheirOwnSchedule() {
    DropBlock drop =
        new DropBlock.Builder()
            .blockSize(3)
            .keepProbability(Schedule.parse("0.5"), 10, ScheduleType.ITERATION)
            .build();
    ComputationGraph network =
        new TransferLearning.GraphBuilder(network(DataType.FLOAT))
            .removeVertexKeepConnections("out")
            .addLayer("drop", drop.clone(), "conv")
            .addLayer("out", output(), "drop")
            .setInputTypes(InputType.convolutional(8, 8, 3))
            .build();
    List<DataSet> batches = new SmallNetwork(new Nesterovs(.05, .9), DataType.FLOAT).batches(1);
    for (TrainingMaster<?, ?> master :
        List.of(stockMaster(), new RingTrainingMaster(RingAveraging.ofGradients(WORLD)))) {
      assertThatThrownBy(() -> fit(network, master, batches))
          .hasStackTraceContaining("Cannot apply DropBlock 'drop' by its own schedule:");
    }
  }

  private static void fit(
      ComputationGraph network, TrainingMaster<?, ?> master, List<DataSet> batches) {
    List<DataSet> byRank = new ArrayList<>();
    for (int rank = 0; rank < WORLD; rank++) {
      byRank.addAll(SmallNetwork.parts(batches, rank, WORLD));
    }
    new SparkComputationGraph(spark, network, master).fit(spark.parallelize(byRank, WORLD));
  }

  private static ParameterAveragingTrainingMaster stockMaster() {
    int localBatch = SmallNetwork.BATCH / WORLD;
    return new ParameterAveragingTrainingMaster.Builder(WORLD, localBatch)
        .batchSizePerWorker(localBatch)
        .averagingFrequency(1)
        .workerPrefetchNumBatches(0)
        .saveUpdater(true)
        .repartionData(Repartition.Never)
        .rddTrainingApproach(RDDTrainingApproach.Direct)
        .storageLevel(null)
        .build();
  }

  /** Relative to the length of the vector. */
  private static double apart(INDArray one, INDArray other) {
    return one.distance2(other) / other.norm2Number().doubleValue();
  }

  private static INDArray momentum(ComputationGraph network) {
    return network.getUpdater().getStateViewArray();
  }

  private static OutputLayer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .activation(Activation.SOFTMAX)
        .nOut(CLASSES)
        .build();
  }

  /** No batch normalisation, and no clipping, which is not linear. */
  private static ComputationGraph network(DataType type) {
    ComputationGraph network =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .updater(new Nesterovs(.05, .9))
                .l2(.01)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(8, 8, 3))
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(3, 3).nOut(4).activation(Activation.TANH).build(),
                    "in")
                .addLayer("out", output(), "conv")
                .setOutputs("out")
                .build());
    network.init();
    return network;
  }
}
