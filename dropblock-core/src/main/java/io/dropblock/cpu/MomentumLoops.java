package io.dropblock.cpu;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Momentum with weight decay over flat arrays, in one pass: gradient and velocity are read and
 * written once, parameters read.
 */
public final class MomentumLoops {
  private static final long PIECE = 1 << 15;

  private final long[] pieces;
  private final float[] decays;

  /**
   * Parameters that are updated alike.
   *
   * @param first the first of them in the flat parameters and gradient
   * @param count how many
   * @param firstVelocity where the first one's is in the flat velocity
   * @param decay the weight decay's coefficient
   */
  public record Range(long first, long count, long firstVelocity, double decay) {}

  /**
   * What holds for all parameters.
   *
   * @param scale the gradient is multiplied by it first
   * @param rate the learning rate
   * @param momentum share of the velocity that is kept
   * @param nesterov whether the step looks ahead
   */
  public record Step(double scale, double rate, double momentum, boolean nesterov) {}

  /**
   * @param ranges without overlaps; what is in none of them is left as it is
   */
  public MomentumLoops(List<Range> ranges) {
    List<Range> cut = new ArrayList<>();
    for (Range range : ranges) {
      for (long from = 0; from < range.count(); from += PIECE) {
        cut.add(
            new Range(
                range.first() + from,
                Math.min(PIECE, range.count() - from),
                range.firstVelocity() + from,
                range.decay()));
      }
    }
    pieces =
        cut.stream()
            .flatMapToLong(
                piece -> LongStream.of(piece.first(), piece.count(), piece.firstVelocity()))
            .toArray();
    decays = new float[cut.size()];
    for (int piece = 0; piece < decays.length; piece++) {
      decays[piece] = (float) cut.get(piece).decay();
    }
  }

  /** Whether the loops are there and take all these arrays: dense floats. */
  public static boolean take(INDArray... arrays) {
    return DenseFloats.are(arrays);
  }

  /**
   * One step: {@code g = scale * gradient + decay * parameter}, {@code velocity = momentum *
   * velocity + g}, and in the gradient's place {@code rate * velocity}, or Nesterov's {@code rate *
   * (g + momentum * velocity)}, which is to be subtracted from the parameters.
   *
   * @throws IllegalArgumentException if a range lies outside an array, or {@link #take} does not
   *     accept one
   */
  public void update(INDArray gradient, INDArray velocity, INDArray parameters, Step step) {
    if (!take(gradient, velocity, parameters)) {
      throw new IllegalArgumentException("Cannot update parameters: dense floats are needed");
    }
    for (int piece = 0; piece < pieces.length; piece += 3) {
      requireInside(pieces[piece], pieces[piece + 1], gradient);
      requireInside(pieces[piece], pieces[piece + 1], parameters);
      requireInside(pieces[piece + 2], pieces[piece + 1], velocity);
    }
    NativeLoops.momentumUpdate(
        ComputeThreads.count(),
        pieces,
        decays,
        (float) step.scale(),
        (float) step.rate(),
        (float) step.momentum(),
        step.nesterov(),
        DenseFloats.address(gradient),
        DenseFloats.address(velocity),
        DenseFloats.address(parameters));
    Reference.reachabilityFence(gradient);
    Reference.reachabilityFence(velocity);
    Reference.reachabilityFence(parameters);
  }

  private static void requireInside(long first, long count, INDArray array) {
    if (first < 0 || first + count > array.length()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot update elements %d to %d of an array of %d",
              first,
              first + count - 1,
              array.length()));
    }
  }
}
