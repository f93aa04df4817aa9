package io.dropblock.nn;

import static io.dropblock.nn.MicroBatches.batch;
import static io.dropblock.nn.MicroBatches.normalized;
import static io.dropblock.nn.MicroBatches.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Two networks, with batch normalisation, momentum and DropBlock, share four micro-batches. */
class SharedStepTest {
  private static final int SIZE = 3;
  private static final int COUNT = 4;
  private static final int STEPS = 3;

  /** What one of two networks hands in, and gets of the other's. */
  private static final class Half implements SharedStep {
    private final boolean begins;
    private final List<INDArray> handedIn = new ArrayList<>();
    private List<INDArray> ofOther = List.of();
    private int arrays;

    Half(boolean begins) {
      this.begins = begins;
    }

    @Override
    public long samples() {
      return (long) SIZE * COUNT;
    }

    @Override
    public boolean begins() {
      return begins;
    }

    @Override
    public void sum(List<INDArray> own) {
      arrays = own.size();
      handedIn.clear();
      own.forEach(array -> handedIn.add(array.dup()));
      List<INDArray> all = new ArrayList<>(begins ? handedIn : ofOther);
      all.addAll(begins ? ofOther : handedIn);
      INDArray sum = all.get(0).dup();
      all.subList(1, all.size()).forEach(sum::addi);
      own.get(own.size() - 1).assign(sum);
    }
  }

  /** The same bits as one network that is given all four, whoever has how many. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void bothMakeTheStepOfOneNetwork(int ofFirst) {
    ComputationGraph whole = normalized(WorkspaceMode.ENABLED);
    GradientAccumulation alone = new GradientAccumulation(whole);
    ComputationGraph left = normalized(WorkspaceMode.ENABLED);
    ComputationGraph right = normalized(WorkspaceMode.ENABLED);
    for (int step = 0; step < STEPS; step++) {
      DropBlockSites.of(whole).set(at(step, 0));
      alone.fit(parts(step, 0, COUNT));

      // Each hands in before it knows what the other has; then again, with that
      Half first = new Half(true);
      Half second = new Half(false);
      train(left.clone(), parts(step, 0, ofFirst), at(step, 0), first);
      train(right.clone(), parts(step, ofFirst, COUNT), at(step, ofFirst), second);
      assertThat(first.arrays).isEqualTo(1);
      assertThat(second.arrays).isEqualTo(COUNT - ofFirst);
      first.ofOther = List.copyOf(second.handedIn);
      second.ofOther = List.copyOf(first.handedIn);
      train(left, parts(step, 0, ofFirst), at(step, 0), first);
      train(right, parts(step, ofFirst, COUNT), at(step, ofFirst), second);

      assertSame(left, whole);
      assertSame(right, whole);
    }
  }

  /** The score and what was kept are those of the network's own part. */
  @Test
  void theScoreIsThatOfItsOwnPart() {
    ComputationGraph plain = normalized(WorkspaceMode.ENABLED);
    DropBlockSites.of(plain).set(at(0, 0));
    plain.fit(parts(0, 0, 1).get(0));

    ComputationGraph one = normalized(WorkspaceMode.ENABLED);
    train(one, parts(0, 0, 1), at(0, 0), new Half(true));
    assertThat(one.score()).isEqualTo(plain.score());
    assertThat(DropBlockSites.of(one).keptFractions())
        .isEqualTo(DropBlockSites.of(plain).keptFractions());

    ComputationGraph accumulated = normalized(WorkspaceMode.ENABLED);
    DropBlockSites.of(accumulated).set(at(0, 0));
    new GradientAccumulation(accumulated).fit(parts(0, 0, 2));
    ComputationGraph two = normalized(WorkspaceMode.ENABLED);
    train(two, parts(0, 0, 2), at(0, 0), new Half(false));
    assertThat(two.score()).isEqualTo(accumulated.score()).isNotEqualTo(one.score());
  }

  @Test
  void arraysAreUsedAgain() {
    ComputationGraph network = normalized(WorkspaceMode.ENABLED);
    DropBlockSites.of(network).set(at(0, 0));
    GradientAccumulation accumulation = new GradientAccumulation(network);
    List<List<INDArray>> seen = new ArrayList<>();
    SharedStep watching =
        new SharedStep() {
          @Override
          public long samples() {
            return (long) SIZE * COUNT;
          }

          @Override
          public boolean begins() {
            return false;
          }

          @Override
          public void sum(List<INDArray> own) {
            seen.add(own);
          }
        };
    accumulation.fit(parts(0, 0, 3), watching);
    accumulation.fit(parts(1, 0, 3), watching);
    accumulation.fit(parts(2, 0, 2), watching);
    assertThat(seen.get(1)).usingElementComparator((a, b) -> a == b ? 0 : 1).isEqualTo(seen.get(0));
    assertThat(seen.get(2)).hasSize(2);
    assertThat(seen.get(2).get(0)).isSameAs(seen.get(0).get(0));
  }

  @Test
  void refusesAPartOfNothing() {
    GradientAccumulation accumulation = new GradientAccumulation(normalized(WorkspaceMode.ENABLED));
    assertThatThrownBy(() -> accumulation.fit(List.of(), new Half(true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot train a step: there is no micro-batch");
  }

  private static void train(
      ComputationGraph network, List<MultiDataSet> parts, DropBlockStep at, SharedStep step) {
    DropBlockSites.of(network).set(at);
    new GradientAccumulation(network).fit(parts, step);
  }

  private static void assertSame(ComputationGraph found, ComputationGraph expected) {
    NetworkState state = NetworkState.of(found);
    assertThat(state.parameters()).isEqualTo(NetworkState.of(expected).parameters());
    assertThat(state.arrays()).containsExactlyEntriesOf(NetworkState.of(expected).arrays());
  }

  private static DropBlockStep at(int step, int microBatch) {
    return new DropBlockStep(.6, 42, step, 100 + (long) microBatch * SIZE);
  }

  private static List<MultiDataSet> parts(int step, int from, int to) {
    MultiDataSet large = batch(DataType.FLOAT, SIZE * COUNT);
    large.getFeatures(0).muli(1 + step);
    return IntStream.range(from, to)
        .mapToObj(part -> part(large, part * SIZE, (part + 1) * SIZE))
        .toList();
  }
}
