package io.dropblock.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.concurrency.BasicAffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class MainMemoryTest {

  @Test
  void elementsAreFetchedBeforeAndDeclaredWrittenAfter() {
    INDArray array = Nd4j.zeros(2, 3);
    List<String> told = new ArrayList<>();
    MainMemory.use(
        array,
        new Device(told),
        memory -> {
          told.add("read " + new FloatPointer(memory).get(1));
          new FloatPointer(memory).put(0, 8);
        });
    assertThat(told).containsExactly("fetched to HOST", "read 7.0", "written in HOST");
    assertThat(array.getFloat(0)).isEqualTo(8);
  }

  /** A backend that keeps arrays on a device, with 7 as their second element. */
  private static final class Device extends BasicAffinityManager {
    private final List<String> told;

    private Device(List<String> told) {
      this.told = told;
    }

    @Override
    public void ensureLocation(INDArray array, Location location) {
      told.add("fetched to " + location);
      new FloatPointer(array.data().addressPointer()).put(1, 7);
    }

    @Override
    public void tagLocation(INDArray array, Location location) {
      told.add("written in " + location);
    }

    @Override
    public void touch(INDArray array) {}

    @Override
    public void touch(DataBuffer buffer) {}
  }
}
