package io.dropblock.model;

import io.dropblock.genotype.CellGenotype;
import io.dropblock.genotype.Genotype;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.weights.IWeightInit;

/**
 * The network of evolved cells (Real et al. 2019) in the form that the paper trained, {@code
 * tensorflow/tpu: models/official/amoeba_net}: a convolution 3x3 with stride 2 without padding, two
 * reduction cells with a quarter and half of the filters, three stacks of normal cells with a
 * reduction cell, and twice the filters, between stacks, ReLU. Each cell reads the two cells before
 * it. Cells are numbered through from 0, reductions counted in.
 *
 * <p>For images of 32 pixels the source has another stem: the convolution with stride 1 and
 * TensorFlow's SAME, and no reduction cells behind it.
 *
 * <p>Differences: where a factorised reduction splits an odd number of filters, its first half is
 * the smaller one, and the source refuses; ReLU comes before DropBlock where only ReLUs read what
 * is dropped, which gives the same.
 *
 * <p>Its groups, for {@link Regularization}, are two: the first and the last half of the cells.
 * With group 2 the paper's: "after all batch normalization layers and also in the skip connections
 * of the last 50% of the cells".
 *
 * <p>Its levels lie behind the first cell, and behind each stack. Because the first convolution
 * does not pad, a level can be a pixel smaller than its stride says.
 *
 * @param cells in each of the three stacks, at least 1; 6 in the paper
 * @param filters of the first stack's cells, at least 4; 256 in the paper. Maps have four times as
 *     many channels there with the released genotype
 * @param stemFilters of the first convolution, at least 1; 32 in the source
 * @param genotype of the cells
 * @param stem what comes before the stacks
 */
public record AmoebaNet(int cells, int filters, int stemFilters, Genotype genotype, Stem stem)
    implements Trunk {
  private static final int STACKS = 3;
  private static final int REDUCTIONS = STACKS - 1;
  private static final int LEAST_FILTERS = 4;
  private static final int SOURCE_STEM_FILTERS = 32;
  private static final String STEM = "stem/";

  /** What comes before the stacks, by the images that it is for. */
  public enum Stem {
    /** A convolution that halves the maps, and two reduction cells. */
    IMAGENET(2, 2),
    /** A convolution; its filters are three times the first stack's in the source. */
    CIFAR(0, 1);

    private final int cells;
    private final int stride;

    Stem(int cells, int stride) {
      this.cells = cells;
      this.stride = stride;
    }
  }

  /** A pixel remains of an image of this size. */
  public static final int LEAST_IMAGE = 3;

  /** Checks the ranges. */
  public AmoebaNet {
    if (cells < 1) {
      throw new IllegalArgumentException("Invalid number of cells in a stack: " + cells);
    }
    if (filters < LEAST_FILTERS) {
      throw new IllegalArgumentException(
          "Invalid number of filters: " + filters + " has no quarter, at least 4 are needed");
    }
    if (stemFilters < 1) {
      throw new IllegalArgumentException("Invalid number of stem filters: " + stemFilters);
    }
  }

  /** AmoebaNet-B as released. */
  public AmoebaNet(int cells, int filters) {
    this(cells, filters, SOURCE_STEM_FILTERS, Genotype.AMOEBANET_B);
  }

  /** With the stem for ImageNet. */
  public AmoebaNet(int cells, int filters, int stemFilters, Genotype genotype) {
    this(cells, filters, stemFilters, genotype, Stem.IMAGENET);
  }

  @Override
  public String title() {
    String name = genotype.equals(Genotype.AMOEBANET_B) ? "AmoebaNet-B" : "AmoebaNet";
    return String.format(Locale.ROOT, "%s (%d, %d)", name, cells, filters);
  }

  /** Cells of all kinds. */
  public int allCells() {
    return stem.cells + STACKS * cells + REDUCTIONS;
  }

  @Override
  public int groups() {
    return 2;
  }

  @Override
  public boolean hasCells() {
    return true;
  }

  @Override
  public IWeightInit headWeights(int outputs) {
    return FanOut.ofDense(outputs);
  }

  @Override
  public List<Level> levels() {
    List<Level> levels = new ArrayList<>();
    if (stem == Stem.IMAGENET) {
      levels.add(
          new Level(
              2,
              STEM + "cell0/" + AmoebaCell.OUTPUT,
              filters / 4 * genotype.reduction().outputs().size(),
              4));
    }
    int before = levels.size();
    for (int stack = 1; stack <= STACKS; stack++) {
      String end = cell(stack * cells - 1) + AmoebaCell.OUTPUT;
      int channels = (filters << (stack - 1)) * genotype.normal().outputs().size();
      levels.add(
          new Level(
              stack + 1 + before,
              stack == STACKS ? end + Motifs.RELU : end,
              channels,
              stem.stride << stem.cells << (stack - 1)));
    }
    return List.copyOf(levels);
  }

  @Override
  public void addTo(Motifs graph) {
    new Construction(graph).add();
  }

  private static String cell(int number) {
    return "cell" + number + "/";
  }

  /** The cells added so far. */
  private final class Construction {
    private final Motifs graph;
    private int number;
    private Optional<State> previous = Optional.empty();
    private State current;

    Construction(Motifs graph) {
      this.graph = graph;
      current = stem();
    }

    private State stem() {
      MapShape image = graph.image();
      var convolution =
          new ConvolutionLayer.Builder(3, 3)
              .nOut(stemFilters)
              .stride(stem.stride, stem.stride)
              .convolutionMode(
                  stem == Stem.IMAGENET ? ConvolutionMode.Truncate : ConvolutionMode.Same)
              .hasBias(false)
              .weightInit(FanOut.ofConvolution(3, 3, stemFilters));
      String norm = graph.convNorm(STEM, "", graph.input(), convolution, false);
      return new State(
          norm,
          stem == Stem.IMAGENET
              ? new MapShape(stemFilters, (image.height() - 1) / 2, (image.width() - 1) / 2)
              : new MapShape(stemFilters, image.height(), image.width()));
    }

    void add() {
      for (int cell = 0; cell < stem.cells; cell++) {
        add(STEM + cell(cell), genotype.reduction(), filters >> (stem.cells - cell), 2);
      }
      for (int cell = 0; cell < STACKS * cells; cell++) {
        int stack = cell / cells;
        if (stack > 0 && cell % cells == 0) {
          add("reduction" + (stack - 1) + "/", genotype.reduction(), filters << stack, 2);
        }
        add(cell(cell), genotype.normal(), filters << stack, 1);
      }
      graph.relu(current.vertex());
    }

    private void add(String at, CellGenotype cell, int cellFilters, int stride) {
      int group = 2 * number >= allCells() ? 2 : 1;
      CellPlace place = new CellPlace(at, cellFilters, stride, group, number, allCells());
      State output = new AmoebaCell(graph, place, cell).add(current, previous);
      previous = Optional.of(current);
      current = output;
      number++;
    }
  }
}
