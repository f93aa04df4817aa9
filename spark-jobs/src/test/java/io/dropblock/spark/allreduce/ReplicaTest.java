package io.dropblock.spark.allreduce;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.nn.NetworkState;
import io.dropblock.nn.average.MovingAverage;
import java.util.UUID;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

/** This JVM is the executor; a job has one rank in it. */
class ReplicaTest {
  private final UUID master = UUID.randomUUID();
  private final ComputationGraph network = new SmallNetwork(new Adam(.01), DataType.FLOAT).make();
  private int sent;

  @AfterEach
  void dropAll() {
    Replica.in(UUID.randomUUID(), 0, () -> NetworkState.of(network));
  }

  /** Four ranks that change places: each of them was here once. */
  @Test
  void aRankOnAnotherExecutorEachTimeLeavesOneNetworkBehind() {
    for (int job = 0; job < 4; job++) {
      ComputationGraph here = in(master);
      train(here);
      Replica.keep(master, Replica.checksum(here), here);
      assertThat(Replica.kept()).hasSize(1);
      network.params().assign(here.params());
      if (job == 1) {
        // the next one was here two jobs ago, and trained elsewhere since
        train(network);
      }
    }
    assertThat(sent).as("at first, and after the job elsewhere").isEqualTo(2);
  }

  @Test
  void ranksOfOneJobAreAllKeptAndFoundByWhicheverRankComes() {
    ComputationGraph one = in(master);
    ComputationGraph other = in(master);
    Replica.keep(master, Replica.checksum(one), one);
    Replica.keep(master, Replica.checksum(other), other);
    assertThat(Replica.kept()).hasSize(2);
    assertThat(in(master)).isIn(one, other).isNotSameAs(in(master));
    assertThat(Replica.kept()).isEmpty();
    assertThat(sent).isEqualTo(2);
  }

  /** Two ranks with equal weights and other averages are told apart. */
  @Test
  void theMovingAverageIsInTheChecksum() {
    long before = Replica.checksum(network);
    MovingAverage average = MovingAverage.of(network);
    long with = Replica.checksum(network);
    assertThat(with).isNotEqualTo(before);
    average.values().addi(1);
    assertThat(Replica.checksum(network)).isNotEqualTo(with);
    ComputationGraph here = in(master);
    assertThat(MovingAverage.in(here).orElseThrow().values()).isEqualTo(average.values());
    assertThat(Replica.checksum(here)).isEqualTo(Replica.checksum(network));
  }

  @Test
  void anotherMastersAreDropped() {
    ComputationGraph here = in(master);
    Replica.keep(master, Replica.checksum(here), here);
    assertThat(in(UUID.randomUUID())).isNotSameAs(here);
    assertThat(Replica.kept()).isEmpty();
  }

  private ComputationGraph in(UUID ofMaster) {
    return Replica.in(
        ofMaster,
        Replica.checksum(network),
        () -> {
          sent++;
          return NetworkState.of(network);
        });
  }

  private static void train(ComputationGraph trained) {
    trained.params().addi(1);
  }
}
