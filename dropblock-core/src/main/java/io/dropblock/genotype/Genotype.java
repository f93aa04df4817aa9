package io.dropblock.genotype;

import java.util.List;

/**
 * The two kinds of cells that a network is made of.
 *
 * @param normal keeps the size of its maps
 * @param reduction halves it: what reads its states 0 and 1 has stride 2
 */
public record Genotype(CellGenotype normal, CellGenotype reduction) {

  /**
   * AmoebaNet-B (Real et al. 2019), {@code tensorflow/tpu:
   * models/official/amoeba_net/model_specs.py}, {@code amoeba_net_b}. That paper counts 84.0
   * million parameters for (6, 190), of which this has 79.0; the DropBlock paper used the released
   * code.
   */
  public static final Genotype AMOEBANET_B =
      new Genotype(
          CellGenotype.of(
              List.of(
                  "1x1", "max_pool_3x3",
                  "none", "separable_3x3_2",
                  "1x1", "separable_3x3_2",
                  "1x1", "none",
                  "avg_pool_3x3", "1x1"),
              List.of(1, 1, 1, 0, 1, 0, 2, 2, 1, 5),
              List.of(0, 1, 1, 0, 0, 1, 0)),
          CellGenotype.of(
              List.of(
                  "max_pool_2x2", "max_pool_3x3",
                  "none", "3x3",
                  "dil_2_separable_5x5_2", "max_pool_3x3",
                  "none", "separable_3x3_2",
                  "avg_pool_3x3", "1x1"),
              List.of(0, 0, 2, 1, 2, 2, 3, 1, 4, 3),
              List.of(1, 1, 1, 1, 1, 0, 0)));
}
