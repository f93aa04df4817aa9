package io.dropblock.spark.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.spark.ring.SumOrder;
import io.dropblock.spark.ring.WireFormat;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepModelTest {
  private static final long PARAMETERS = 25_000_000;
  private static final double BYTES = 1e8;
  private static final RingThread FREE =
      new RingThread(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  private static final RankPace PACE = new RankPace(0.5, 0.04, 0);

  /** 8 Gbit/s of payload in Ethernet's frames: 1 GB/s. */
  private static final double GIGABYTE = 8 * 1538 / 1448.0;

  private static StepModel model(SumOrder sum, Network network, RingThread thread) {
    return new StepModel(
        PACE,
        512,
        new Gradient(PARAMETERS, WireFormat.EXACT, sum),
        thread,
        network,
        1 << 16,
        Optional.empty());
  }

  /**
   * Patarasu and Yuan: 2 (w - 1) / w of the array at the network's rate, where nothing else counts.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 512})
  void theRingTakesWhatTheBytesTake(int world) {
    StepModel model = model(SumOrder.RANKS, new Network(GIGABYTE, 0), FREE);
    double bytes = 2.0 * (world - 1) / world * BYTES;

    assertThat(model.bytesSent(world)).isCloseTo(bytes, within(1.0));
    // and the way of the first piece
    double first = Math.min(1 << 16, BYTES / world) / 1e9;
    assertThat(model.round(world)).isCloseTo(bytes / 1e9 + first, within(1e-9));
  }

  @Test
  void halfTheBytesTakeHalfTheTime() {
    Gradient rounded = new Gradient(PARAMETERS, WireFormat.BFLOAT16, SumOrder.SLOTS);
    StepModel exact = model(SumOrder.RANKS, new Network(GIGABYTE, 0), FREE);
    StepModel half =
        new StepModel(PACE, 512, rounded, FREE, exact.network(), 1 << 15, Optional.empty());

    assertThat(half.bytesSent(8)).isEqualTo(exact.bytesSent(8) / 2);
    assertThat(half.round(8)).isCloseTo(exact.round(8) / 2, within(1e-12));
  }

  /** Against what happens to each piece on each connection. */
  @ParameterizedTest
  @CsvSource({
    "2,0",
    "2,0.0001",
    "3,0",
    "3,0.0001",
    "4,0.0001",
    "16,0.0001",
    "64,0.0001",
    "512,0.0001",
    "512,0.001",
    "100,0.01"
  })
  void theChainTakesAsLongAsItsPieces(int world, double latency) {
    int piece = 1 << 16;
    int pieces = (int) (BYTES / piece);
    double bytes = (double) pieces * piece;
    StepModel model =
        new StepModel(
            PACE,
            512,
            new Gradient((long) bytes / 4, WireFormat.EXACT, SumOrder.SLOTS),
            FREE,
            new Network(GIGABYTE, latency),
            piece,
            Optional.empty());
    double seconds = new PipelinedChain(world, pieces, piece / 1e9, latency).seconds();

    assertThat(model.round(world) - latency)
        .as("without the head that announces it")
        .isCloseTo(seconds, Percentage.withPercentage(1));
  }

  /** The head, as many ways as there are, and no bytes to speak of. */
  @Test
  void fewParametersCostTheWay() {
    double latency = 1e-3;
    Gradient few = new Gradient(1000, WireFormat.EXACT, SumOrder.SLOTS);
    StepModel model =
        new StepModel(
            PACE, 8, few, FREE, new Network(GIGABYTE, latency), 1 << 16, Optional.empty());

    StepTime step = model.step(8);

    assertThat(step.meeting()).isCloseTo(14 * latency, within(1e-12));
    assertThat(step.round()).isCloseTo(15 * latency, Percentage.withPercentage(2));
    assertThat(step.roundBound()).isEqualTo(Bound.LATENCY);
  }

  @Test
  void aSlowThreadIsTheBoundOnAFastNetwork() {
    RingThread thread = new RingThread(2e9, 1e10);
    StepModel model = model(SumOrder.SLOTS, new Network(100, 1e-6), thread);

    // of 512 slots 128 arrays are added, and two streams are moved
    double busiest = 2 * BYTES / 2e9 + 128 * BYTES / 1e10;
    assertThat(model.round(4)).isCloseTo(busiest, Percentage.withPercentage(1));
    assertThat(model.step(4).roundBound()).isEqualTo(Bound.THREAD);
    assertThat(model(SumOrder.SLOTS, new Network(1, 1e-6), FREE).step(4).roundBound())
        .isEqualTo(Bound.NETWORK);
  }

  @Test
  void aStepIsTheSumOfItsParts() {
    StepTime step = model(SumOrder.SLOTS, new Network(25, 1e-4), FREE).step(5);

    // 512 slots on 5 ranks: 103 on the one with most
    assertThat(step.compute()).isEqualTo(103 * 0.5);
    assertThat(step.waiting()).isZero();
    assertThat(step.seconds()).isCloseTo(103 * 0.5 + 8e-4 + step.round() + 0.04, within(1e-12));
    assertThat(step.bound()).isEqualTo(Bound.COMPUTE);
  }

  @Test
  void aRankAloneSumsNothing() {
    StepTime step = model(SumOrder.SLOTS, new Network(25, 1e-4), FREE).step(1);

    assertThat(step.seconds()).isEqualTo(512 * 0.5 + 0.04);
    assertThat(step.round()).isZero();
    assertThat(step.meeting()).isZero();
  }

  /** Without anything but compute, w ranks are w times as fast. */
  @Test
  void whatCostsNothingScales() {
    StepModel model =
        new StepModel(
            new RankPace(0.5, 0, 0),
            512,
            new Gradient(1, WireFormat.EXACT, SumOrder.RANKS),
            FREE,
            Network.loopback(0),
            1,
            Optional.empty());
    RunLength length = new RunLength(51_200, 3, 512, 0, 10, 1, 0, 7);

    assertThat(Forecast.of(model, model, length, 256).efficiency()).isCloseTo(1, within(1e-12));
    // 100 steps of 2 slots, and a 256th of the evaluation
    assertThat(Forecast.of(model, model, length, 256).run())
        .isCloseTo(3 * (100 + 10 / 256.0), within(1e-9));
  }

  @Test
  void aGlobalBatchIsAsFewSlotsAsCanBe() {
    assertThat(SharedBatch.of(2048, 128, 1)).isEqualTo(new SharedBatch(16, 128));
    assertThat(SharedBatch.of(2048, 128, 512)).isEqualTo(new SharedBatch(512, 4));
    // 20 do not divide it
    assertThat(SharedBatch.of(2048, 128, 20)).isEqualTo(new SharedBatch(32, 64));
    assertThatThrownBy(() -> SharedBatch.of(8, 4, 9))
        .hasMessage("Invalid number of ranks: 9 cannot share 8 images out");
  }

  /** m - 1 gradients for m slots, as docs/explanation/averaging-and-recovery.md says. */
  @Test
  void theChainKeepsGradients() {
    StepModel chain = model(SumOrder.SLOTS, new Network(25, 0), FREE);

    assertThat(chain.kept(128)).isEqualTo(3 * BYTES);
    assertThat(chain.kept(512)).isZero();
    assertThat(chain.kept(1)).isZero();
    assertThat(model(SumOrder.RANKS, new Network(25, 0), FREE).kept(128)).isZero();
  }

  /** Two processors do the work of three ranks in turns. */
  @ParameterizedTest
  @CsvSource({"3,2", "4,3", "6,5"})
  void ranksOfOneMachineShareItsProcessors(int world, double times) {
    StepModel model = shared(SumOrder.RANKS, new RingThread(2e9, 1e10));

    // of all ranks 2 (w - 1) arrays are moved, and w - 1 added; two processors, two ranks: one's
    // work
    assertThat(model.round(world) / model.round(2)).isCloseTo(times, Percentage.withPercentage(1));
    // 12 slots at a time and a half, on two processors
    assertThat(model.step(world).compute()).isCloseTo(6 * 0.5 * 1.5, within(1e-12));
    assertThat(model.step(1).compute()).isEqualTo(12 * 0.5);
    assertThat(model.step(world).update()).isCloseTo(world / 2.0 * 0.04, within(1e-12));
  }

  private static StepModel shared(SumOrder sum, RingThread thread) {
    return new StepModel(
        PACE,
        12,
        new Gradient(PARAMETERS, WireFormat.EXACT, sum),
        thread,
        Network.loopback(0),
        1 << 16,
        Optional.of(new SharedMachine(2, 1.5)));
  }

  @Test
  void moreRanksThanSlotsAreRefusedByName() {
    StepModel model = shared(SumOrder.SLOTS, FREE);

    assertThatThrownBy(() -> model.step(13))
        .hasMessage("Invalid number of ranks: 13 cannot share 12 slots out");
    assertThatThrownBy(() -> new Network(0, 1)).hasMessageContaining("speed of a network");
    assertThatThrownBy(() -> new Network(Double.NaN, 1)).hasMessageContaining("NaN is not above 0");
    assertThatThrownBy(() -> new RankPace(1, 0, -0.1)).hasMessageContaining("Invalid spread: -0.1");
  }
}
