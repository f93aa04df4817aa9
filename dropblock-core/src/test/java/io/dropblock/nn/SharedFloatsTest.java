package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.FloatPointer;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Nesterovs;

class SharedFloatsTest {
  private static FloatBuffer memory(float... values) {
    FloatBuffer memory =
        ByteBuffer.allocateDirect(Float.BYTES * values.length)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    memory.put(0, values);
    return memory;
  }

  private static float[] noise(int length) {
    Random random = new Random(length);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void anArraySeesItsMemoryAndTheOtherWayRound() {
    FloatBuffer memory = memory(1, 2, 3, 4, 5, 6);
    INDArray array = FloatArrays.over(memory, 2, 3);
    assertThat(array.toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 2, 3}, {4, 5, 6}});
    memory.put(4, 50);
    assertThat(array.getFloat(1, 1)).isEqualTo(50);
    array.muli(2);
    assertThat(memory.get(4)).isEqualTo(100);
    assertThat(array.isAttached()).isFalse();
  }

  @Test
  void aBuffersPositionDoesNotCount() {
    INDArray array = FloatArrays.over(memory(1, 2, 3, 4).position(2), 4);
    assertThat(array.toFloatVector()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aSliceStartsWhereItStarts() {
    INDArray array = FloatArrays.over(memory(1, 2, 3, 4, 5, 6).slice(2, 3), 3);
    assertThat(array.toFloatVector()).containsExactly(3, 4, 5);
    assertThat(array.data().length()).isEqualTo(3);
  }

  @Test
  void opsReadItAsTheyReadACopy() {
    float[] values = noise(2 * 3 * 4 * 5);
    INDArray shared = FloatArrays.over(memory(values), 2, 3, 4, 5);
    INDArray own = FloatArrays.of(values, 2, 3, 4, 5);
    assertThat(shared).isEqualTo(own);
    assertThat(shared.ordering()).isEqualTo('c');
    assertThat(shared.sum(0, 2)).isEqualTo(own.sum(0, 2));
    assertThat(shared.permute(0, 2, 3, 1).dup('c')).isEqualTo(own.permute(0, 2, 3, 1).dup('c'));
    assertThat(shared.get(NDArrayIndex.point(1))).isEqualTo(own.get(NDArrayIndex.point(1)));
    INDArray right = FloatArrays.of(noise(35), 5, 7);
    assertThat(shared.reshape(24, 5).mmul(right)).isEqualTo(own.reshape(24, 5).mmul(right));
  }

  @Test
  void aFitOnItIsAFitOnACopy() {
    for (WorkspaceMode workspaces : List.of(WorkspaceMode.NONE, WorkspaceMode.ENABLED)) {
      float[] values = noise(4 * 2 * 6 * 5);
      FloatBuffer memory = memory(new float[values.length]);
      ComputationGraph one = network(workspaces);
      ComputationGraph other = network(workspaces);
      other.setParams(one.params().dup());
      INDArray labels = Nets.labels(DataType.FLOAT, 4);
      for (int step = 0; step < 5; step++) {
        // the memory is written over when a step is done
        values[step] += 1;
        memory.put(0, values);
        one.fit(new MultiDataSet(FloatArrays.of(values, 4, 2, 6, 5), labels));
        other.fit(new MultiDataSet(FloatArrays.over(memory, 4, 2, 6, 5), labels));
        assertThat(other.params()).isEqualTo(one.params());
        assertThat(other.score()).isEqualTo(one.score());
        for (int i = 0; i < values.length; i++) {
          assertThat(memory.get(i)).as("not written by the network").isEqualTo(values[i]);
        }
      }
    }
  }

  private static ComputationGraph network(WorkspaceMode workspaces) {
    return Nets.end(
        Nets.begin(Nets.settings(workspaces, DataType.FLOAT).updater(new Nesterovs(.1, .9))),
        "tanh");
  }

  @Test
  void theArrayAloneKeepsTheMemory() {
    float[] values = noise(1 << 20);
    INDArray array = FloatArrays.over(memory(values), 1 << 20);
    for (int i = 0; i < 20; i++) {
      System.gc();
      // what the collector freed would be taken again here, and cleared
      memory(new float[1 << 20]);
    }
    assertThat(array.toFloatVector()).isEqualTo(values);
    INDArray view = array.reshape(1024, 1024).getRow(1000);
    array = null;
    for (int i = 0; i < 20; i++) {
      System.gc();
      memory(new float[1 << 20]);
    }
    for (int i = 0; i < 1024; i++) {
      assertThat(view.getFloat(i)).isEqualTo(values[1000 * 1024 + i]);
    }
  }

  @Test
  void memoryGoesWithTheLastThatUsesIt() {
    FloatBuffer memory = memory(noise(1000));
    WeakReference<FloatBuffer> watched = new WeakReference<>(memory);
    INDArray array = FloatArrays.over(memory, 1000);
    assertThat(array.getFloat(7)).isEqualTo(memory.get(7));
    memory = null;
    array = null;
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (watched.get() != null) {
      assertThat(System.nanoTime()).as("time to collect the memory").isLessThan(end);
      System.gc();
    }
  }

  @Test
  void manyArraysOfOneMemoryLeaveItAlone() {
    float[] values = noise(10_000);
    FloatBuffer memory = memory(values);
    for (int i = 0; i < 20_000; i++) {
      assertThat(FloatArrays.over(memory, 100, 100).getFloat(99, 99)).isEqualTo(values[9999]);
      if (i % 2000 == 0) {
        // ND4J frees what it has of arrays that are gone
        System.gc();
      }
    }
    for (int i = 0; i < values.length; i++) {
      assertThat(memory.get(i)).isEqualTo(values[i]);
    }
  }

  @Test
  void aCopyForAGpuIsOne() {
    FloatBuffer memory = memory(1, 2, 3, 4, 5, 6);
    INDArray array = FloatArrays.copied(new FloatPointer(memory), 2, 3);
    memory.put(0, 9);
    assertThat(array.toFloatMatrix()).isDeepEqualTo(new float[][] {{1, 2, 3}, {4, 5, 6}});
  }

  @Test
  void refusesOtherMemory() {
    FloatBuffer heap = FloatBuffer.allocate(6);
    FloatBuffer foreign = ByteBuffer.allocateDirect(24).order(foreign()).asFloatBuffer();
    for (FloatBuffer memory : new FloatBuffer[] {heap, foreign}) {
      assertThatThrownBy(() -> FloatArrays.over(memory, 2, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot make an array over")
          .hasMessageEndingWith("it is on the heap, or in another byte order");
    }
    assertThatThrownBy(() -> FloatArrays.over(memory(1, 2, 3), 2, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Cannot make an array of 4 floats: there are 3");
  }

  private static ByteOrder foreign() {
    return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
        ? ByteOrder.BIG_ENDIAN
        : ByteOrder.LITTLE_ENDIAN;
  }
}
