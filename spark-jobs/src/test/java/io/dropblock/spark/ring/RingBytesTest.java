package io.dropblock.spark.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.scaling.Gradient;
import io.dropblock.spark.scaling.Network;
import io.dropblock.spark.scaling.RankPace;
import io.dropblock.spark.scaling.RingThread;
import io.dropblock.spark.scaling.StepModel;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes that the model of scaling counts are those that ranks send. */
class RingBytesTest {
  private static final int PARAMETERS = 100_000;

  /** That of the head that announces an array. */
  private static final int HEAD = 16;

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5})
  void areThoseOfTheBusiestRank(int world) throws Exception {
    assertThat(busiest(world, WireFormat.EXACT, SumOrder.SLOTS))
        .isEqualTo(modelled(world, WireFormat.EXACT, SumOrder.SLOTS));
    assertThat(busiest(world, WireFormat.EXACT, SumOrder.RANKS))
        .isCloseTo(modelled(world, WireFormat.EXACT, SumOrder.RANKS), within(8L * world));
    assertThat(busiest(world, WireFormat.BFLOAT16, SumOrder.RANKS))
        .isCloseTo(modelled(world, WireFormat.BFLOAT16, SumOrder.RANKS), within(8L * world));
  }

  private static long busiest(int world, WireFormat wire, SumOrder sum) throws Exception {
    List<Long> sent =
        Ranks.run(
            world,
            RingSettings.defaults().withWire(wire).withSilence(Ranks.TIMEOUT),
            ring -> {
              ByteBuffer array = RoundBuffers.direct(PARAMETERS * Float.BYTES);
              long before = ring.bytesSent();
              if (sum == SumOrder.SLOTS) {
                ring.sumFloats(List.of(array));
              } else {
                ring.averageFloats(array);
              }
              return ring.bytesSent() - before - HEAD;
            });
    return sent.stream().mapToLong(Long::longValue).max().orElseThrow();
  }

  private static long modelled(int world, WireFormat wire, SumOrder sum) {
    StepModel model =
        new StepModel(
            new RankPace(1, 0, 0),
            world,
            new Gradient(PARAMETERS, wire, sum),
            new RingThread(1, 1),
            new Network(1, 0),
            1,
            Optional.empty());
    return Math.round(model.bytesSent(world));
  }
}
