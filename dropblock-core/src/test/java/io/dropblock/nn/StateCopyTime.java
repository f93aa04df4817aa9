package io.dropblock.nn;

import io.dropblock.model.Architecture;
import io.dropblock.model.MapShape;
import io.dropblock.model.Regularization;
import io.dropblock.model.ResNet;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** How long a step stands still for a checkpoint of ResNet-50, by hand. */
final class StateCopyTime {
  private static final int TIMES = 24;

  private StateCopyTime() {}

  public static void main(String[] arguments) {
    ComputationGraph network =
        Architecture.classifier(new ResNet(50, 64), 1000)
            .network(
                new MapShape(3, 224, 224),
                Regularization.none(),
                new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(1e-4)),
                1);
    StateCopy copy = new StateCopy();
    for (int time = 1; time <= TIMES; time++) {
      network.params().addi(1e-9);
      long since = System.nanoTime();
      String configuration = network.getConfiguration().toJson();
      double text = (System.nanoTime() - since) / 1e6;
      long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      since = System.nanoTime();
      copy.take(network);
      double taken = (System.nanoTime() - since) / 1e6;
      double busy = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e6;
      long bytes = copy.names().stream().mapToLong(copy::length).sum();
      System.out.printf(
          Locale.ROOT,
          "%d: copy of %,d bytes %.1f ms (CPU %.1f), of which the configuration, %,d characters,"
              + " about %.1f%n",
          time,
          bytes,
          taken,
          busy,
          configuration.length(),
          text);
    }
  }
}
