package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.schedule.Schedule;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.schedule.ScheduleType;

/** Copies that DL4J trains side by side. */
class ParallelWrapperTest {
  private static final DataSet BATCH =
      new DataSet(Nets.images(DataType.FLOAT, 3), Nets.labels(DataType.FLOAT, 3));

  @Test
  void copiesThatWouldDrawTheSameMasksRefuse() {
    var layer =
        new DropBlock.Builder()
            .blockSize(2)
            .keepProbability(Schedule.parse("0.5"), 10, ScheduleType.ITERATION)
            .build();
    refuses(Nets.with(layer), "Cannot apply DropBlock 'drop' by its own schedule: this network");
    var vertex =
        new DropPath.Builder()
            .keepProbability(Schedule.parse("0.5"), 10, ScheduleType.ITERATION)
            .build();
    refuses(Nets.with(vertex), "Cannot apply DropPath 'path' by its own schedule: this network");
  }

  private static void refuses(ComputationGraph network, String message) {
    ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(network).workers(2).prefetchBuffer(0).build();
    try {
      assertThatThrownBy(() -> wrapper.fit(new ListDataSetIterator<>(List.of(BATCH, BATCH), 3)))
          .rootCause()
          .hasMessageStartingWith(message);
    } finally {
      wrapper.shutdown();
    }
    network.fit(BATCH);
    assertThat(DropBlockSites.of(network).keptFractions()).hasSize(1);
  }
}
