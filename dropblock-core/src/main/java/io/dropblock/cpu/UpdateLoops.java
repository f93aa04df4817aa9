package io.dropblock.cpu;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The update of flat parameters by an {@link UpdateRule}, with weight decay, in one pass: gradient
 * and state are read and written once, parameters read.
 */
public final class UpdateLoops {
  private static final long PIECE = 1 << 15;
  private static final int FIELDS = 4;

  private final long[] pieces;
  private final float[] decays;

  /**
   * Parameters that are updated alike.
   *
   * @param first the first of them in the flat parameters and gradient
   * @param count how many
   * @param firstState where the first one's is in the flat state
   * @param stride from one array that is kept of them to the next; of no meaning where there is one
   * @param coupled coefficient of a decay that is a part of the gradient
   * @param decoupled coefficient of one that is not: a step takes {@code rate * decoupled *
   *     parameter} besides
   */
  public record Range(
      long first, long count, long firstState, long stride, double coupled, double decoupled) {}

  /**
   * @param ranges without overlaps; what is in none of them is left as it is
   */
  public UpdateLoops(List<Range> ranges) {
    List<Range> cut = new ArrayList<>();
    for (Range range : ranges) {
      for (long from = 0; from < range.count(); from += PIECE) {
        cut.add(
            new Range(
                range.first() + from,
                Math.min(PIECE, range.count() - from),
                range.firstState() + from,
                range.stride(),
                range.coupled(),
                range.decoupled()));
      }
    }
    pieces =
        cut.stream()
            .flatMapToLong(
                piece ->
                    LongStream.of(piece.first(), piece.count(), piece.firstState(), piece.stride()))
            .toArray();
    decays = new float[2 * cut.size()];
    for (int piece = 0; piece < cut.size(); piece++) {
      decays[2 * piece] = (float) cut.get(piece).coupled();
      decays[2 * piece + 1] = (float) cut.get(piece).decoupled();
    }
  }

  /** Whether the loops are there and take all these arrays: dense floats. */
  public static boolean take(INDArray... arrays) {
    return DenseFloats.are(arrays);
  }

  /**
   * The length of the gradient's ranges as one vector, {@code sqrt(sum(g^2))}, summed in doubles
   * and the same for any number of threads.
   *
   * @throws IllegalArgumentException if a range lies outside it, or {@link #take} does not accept
   *     it
   */
  public double norm(INDArray gradient) {
    require(gradient);
    for (int piece = 0; piece < pieces.length; piece += FIELDS) {
      requireInside(pieces[piece], pieces[piece + 1], gradient);
    }
    double sum =
        NativeLoops.sumOfSquares(ComputeThreads.count(), pieces, DenseFloats.address(gradient));
    Reference.reachabilityFence(gradient);
    return Math.sqrt(sum);
  }

  /**
   * One step: the rule is given {@code scale * gradient + coupled * parameter}. In the gradient's
   * place is then what is to be subtracted from the parameters.
   *
   * @throws IllegalArgumentException if a range lies outside an array, or {@link #take} does not
   *     accept one
   */
  public void update(
      INDArray gradient, INDArray state, INDArray parameters, double scale, UpdateRule rule) {
    require(gradient, state, parameters);
    for (int piece = 0; piece < pieces.length; piece += FIELDS) {
      requireInside(pieces[piece], pieces[piece + 1], gradient);
      requireInside(pieces[piece], pieces[piece + 1], parameters);
      for (int kept = 0; kept < rule.states(); kept++) {
        requireInside(pieces[piece + 2] + kept * pieces[piece + 3], pieces[piece + 1], state);
      }
    }
    NativeRule inC = NativeRule.of(rule);
    NativeLoops.update(
        inC.number(),
        ComputeThreads.count(),
        pieces,
        decays,
        inC.numbers(scale, rule.rate()),
        DenseFloats.address(gradient),
        DenseFloats.address(state),
        DenseFloats.address(parameters));
    Reference.reachabilityFence(gradient);
    Reference.reachabilityFence(state);
    Reference.reachabilityFence(parameters);
  }

  private static void require(INDArray... arrays) {
    if (!take(arrays)) {
      throw new IllegalArgumentException("Cannot update parameters: dense floats are needed");
    }
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
