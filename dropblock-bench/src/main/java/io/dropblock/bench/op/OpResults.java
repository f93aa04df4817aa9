package io.dropblock.bench.op;

import io.dropblock.bench.figure.Machine;
import io.dropblock.bench.figure.TensorShape;
import java.util.List;
import java.util.Optional;

/** The figures of one run, and the ratios between them. */
public record OpResults(Machine machine, List<OpFigure> figures) {

  /** Copies the list. */
  public OpResults {
    figures = List.copyOf(figures);
  }

  List<Integer> threads() {
    return figures.stream().map(OpFigure::threads).distinct().toList();
  }

  List<TensorShape> shapes() {
    return figures.stream().map(OpFigure::shape).distinct().toList();
  }

  Optional<OpFigure> figure(OpCase what, TensorShape shape, int threads) {
    return figures.stream()
        .filter(figure -> figure.what() == what)
        .filter(figure -> figure.shape().equals(shape) && figure.threads() == threads)
        .findFirst();
  }

  /** The median in milliseconds; not a number if it was not measured. */
  double median(OpCase what, TensorShape shape, int threads) {
    return figure(what, shape, threads).map(OpFigure::median).orElse(Double.NaN);
  }

  /**
   * The time of a plain copy, to which all else is compared: the faster of memcpy and ND4J's
   * assign, on the same threads. memcpy writes large tensors past the cache, and assign does not:
   * so neither is always the faster.
   */
  double copy(TensorShape shape, int threads) {
    double memcpy = median(OpCase.COPY_MEMCPY, shape, threads);
    double assign = median(OpCase.COPY_ASSIGN, shape, threads);
    return Double.isNaN(memcpy) || assign < memcpy ? assign : memcpy;
  }

  /** How many copies a case takes. */
  double timesCopy(OpCase what, TensorShape shape, int threads) {
    return median(what, shape, threads) / copy(shape, threads);
  }

  /** How many times a case is faster than the naive composition. */
  double timesFasterThanNaive(OpCase what, TensorShape shape, int threads) {
    return median(OpCase.NAIVE, shape, threads) / median(what, shape, threads);
  }
}
