package io.dropblock.spark.recipe;

import io.dropblock.genotype.CellGenotype;
import io.dropblock.genotype.Genotype;
import java.util.List;

/**
 * What the cells of a network are made of.
 *
 * @param normal the cells that keep the size of their maps
 * @param reduction the cells that halve it: what reads state 0 or 1 has stride 2
 */
public record GenotypeRecipe(Cell normal, Cell reduction) {

  /**
   * A cell. State 0 is the output of the cell before, state 1 that of the one before that; each
   * pair of operations makes a state of two.
   *
   * @param operations two for each new state: {@code none}, {@code 1x1}, {@code 3x3} (a
   *     bottleneck), {@code max_pool_3x3}, {@code avg_pool_3x3}, {@code separable_3x3_2} (twice),
   *     with any kernels and numbers from 1 to 9; {@code dil_2_separable_5x5_2} is {@code
   *     separable_5x5_2}, as in the paper's code
   * @param inputs for each operation the number of the state that it reads, of those before it
   * @param used for each state 1 if it is used up, or 0 if it is part of the cell's output; a state
   *     that nothing reads must be
   */
  public record Cell(List<String> operations, List<Integer> inputs, List<Integer> used) {

    /**
     * The same, checked.
     *
     * @throws IllegalArgumentException if it names an operation or a state that is not there, or
     *     lengths do not fit
     */
    public CellGenotype genotype() {
      return CellGenotype.of(operations, inputs, used);
    }
  }

  /** The same for a network. */
  public Genotype genotype() {
    return new Genotype(normal.genotype(), reduction.genotype());
  }
}
