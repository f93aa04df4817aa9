package io.dropblock;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.DropBlock;
import io.dropblock.nn.DropBlockSites;
import io.dropblock.schedule.Linear;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;

/** The README's program, compiled and run, and the README, held against it. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Path SOURCE = Path.of("src/test/java/io/dropblock/ReadmeTest.java");

  @Test
  void theProgramTrainsWithMoreAndMoreDropped() {
    DataSetIterator batches = batches();
    var settings = new NeuralNetConfiguration.Builder().seed(1).updater(new Sgd(.01));
    // README begins
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            settings
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(16).build())
                .layer(
                    new DropBlock.Builder()
                        .blockSize(3)
                        .keepProbability(new Linear(1, 0.8), 10, ScheduleType.ITERATION)
                        .build())
                .layer(
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(12, 12, 1))
                .build());
    network.init();
    network.fit(batches, 3);
    System.out.println("kept: " + DropBlockSites.of(network).keptFractions());
    // README ends
    assertThat(network.getIterationCount()).isEqualTo(12);
    assertThat(DropBlockSites.of(network).keptFractions().values())
        .hasSize(1)
        .allMatch(kept -> kept > .7 && kept < .9);
  }

  @Test
  void theReadmeHoldsThatProgram() throws IOException {
    List<String> source = Files.readAllLines(SOURCE);
    List<String> program =
        source.subList(indexOf(source, "// README begins") + 1, indexOf(source, "// README ends"));
    List<String> readme = Files.readAllLines(README);
    int start = readme.indexOf("```java") + 1;
    int end = start + readme.subList(start, readme.size()).indexOf("```");
    assertThat(readme.subList(start, end))
        .as("the first block of README.md is the region of ReadmeTest, less its indentation")
        .isEqualTo(
            program.stream().map(line -> line.substring(Math.min(4, line.length()))).toList());
  }

  private static int indexOf(List<String> lines, String wanted) {
    return lines.stream().map(String::strip).toList().indexOf(wanted);
  }

  private static DataSetIterator batches() {
    Nd4j.getRandom().setSeed(5);
    List<DataSet> sets = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      INDArray labels = Nd4j.zeros(8, 2);
      for (int sample = 0; sample < 8; sample++) {
        labels.putScalar(sample, sample % 2, 1);
      }
      sets.add(new DataSet(Nd4j.rand(8, 1, 12, 12), labels));
    }
    return new ListDataSetIterator<>(sets, 1);
  }
}
