package io.dropblock.nn.pyramid;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** How the levels' outputs {@code [n, h_k, w_k, outputs]} become one, and back. */
record LevelOutput(LevelNet.Output form, long samples, List<LevelShape> levels) {

  static LevelOutput of(LevelSettings settings, INDArray... inputs) {
    return new LevelOutput(
        settings.output(),
        inputs[0].size(0),
        Arrays.stream(inputs)
            .map(input -> new LevelShape(input.size(1), input.size(2), settings.outputs()))
            .toList());
  }

  /** The shape of the whole. */
  long[] shape() {
    LevelShape first = levels.get(0);
    return switch (form) {
      case SUM -> shape(0);
      case POSITIONS -> new long[] {samples, before(levels.size()), first.channels()};
    };
  }

  private long[] shape(int level) {
    LevelShape shape = levels.get(level);
    return new long[] {samples, shape.height(), shape.width(), shape.channels()};
  }

  /** Positions of the levels before this one. */
  private long before(int level) {
    return levels.stream().limit(level).mapToLong(LevelShape::positions).sum();
  }

  /** Whether a level's output lies in the whole as it would lie by itself. */
  private boolean isInPlace(int level) {
    return switch (form) {
      case SUM -> level == 0;
      case POSITIONS -> samples == 1;
    };
  }

  /** The part of the whole in which a level's output is in place. */
  private INDArray place(int level, INDArray whole) {
    if (form == LevelNet.Output.SUM) {
      return whole;
    }
    long width = levels.get(level).channels();
    return whole
        .reshape(whole.length())
        .get(NDArrayIndex.interval(before(level) * width, before(level + 1) * width))
        .reshape('c', shape(level));
  }

  /** Where a level's output is to be written before it is joined to the whole. */
  INDArray part(int level, INDArray whole, LevelPass.Memory memory) {
    return isInPlace(level) ? place(level, whole) : memory.of(shape(level));
  }

  /** Joins a level's output to the whole; the first level goes first. */
  void join(int level, INDArray part, INDArray whole) {
    if (isInPlace(level)) {
      return;
    }
    switch (form) {
      case SUM -> Interpolation.add(part, whole, whole);
      case POSITIONS -> {
        INDArray positions = positions(level, whole);
        positions.assign(part.reshape('c', positions.shape()));
      }
    }
  }

  /** The gradient at a level's output, to be read only. */
  INDArray gradient(int level, INDArray whole, LevelPass.Memory memory) {
    if (isInPlace(level)) {
      return place(level, whole);
    }
    INDArray part = memory.of(shape(level));
    switch (form) {
      case SUM -> Interpolation.backward(whole, part);
      case POSITIONS -> {
        INDArray positions = positions(level, whole);
        part.reshape('c', positions.shape()).assign(positions);
      }
    }
    return part;
  }

  private INDArray positions(int level, INDArray whole) {
    return whole.get(
        NDArrayIndex.all(),
        NDArrayIndex.interval(before(level), before(level + 1)),
        NDArrayIndex.all());
  }
}
