package io.dropblock.bench.op;

import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.TensorShape;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Figures that nobody measured. */
final class SampleResults {
  static final TensorShape SHAPE = new TensorShape(32, 256, 28, 28);
  static final Machine QUIET = new Machine("Processor X", 2, 0.25, "17.0.1 Vendor");

  private SampleResults() {}

  /** All cases of one shape on one and two threads; two threads take half the time. */
  static OpResults of(Machine machine) {
    Map<OpCase, Double> medians = new EnumMap<>(OpCase.class);
    medians.put(OpCase.COPY_MEMCPY, 2.0);
    medians.put(OpCase.COPY_ASSIGN, 2.5);
    medians.put(OpCase.MULI, 4.0);
    medians.put(OpCase.SAMPLE, 1.0);
    medians.put(OpCase.FORWARD_IN_PLACE, 2.8);
    medians.put(OpCase.FORWARD, 4.5);
    medians.put(OpCase.BACKWARD, 1.9);
    medians.put(OpCase.FORWARD_BACKWARD, 4.8);
    medians.put(OpCase.NAIVE, 54.0);
    List<OpFigure> figures = new ArrayList<>();
    for (int threads : List.of(1, 2)) {
      medians.forEach(
          (what, median) -> {
            double time = median / threads;
            figures.add(new OpFigure(what, SHAPE, threads, time, time / 2, time * 2, 1000));
          });
    }
    return new OpResults(machine, figures);
  }
}
