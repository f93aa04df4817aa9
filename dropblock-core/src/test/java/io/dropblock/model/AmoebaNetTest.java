package io.dropblock.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dropblock.genotype.CellGenotype;
import io.dropblock.genotype.Genotype;
import io.dropblock.model.Regularization.Kind;
import io.dropblock.model.Regularization.Site;
import io.dropblock.op.BlockGeometry;
import io.dropblock.optimizer.Momentum;
import io.dropblock.optimizer.WeightDecay;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Expected counts are the TensorFlow code's; GPipe states 557 million for (6, 512). */
class AmoebaNetTest {
  private static final MapShape IMAGE = new MapShape(3, 331, 331);
  private static final int CLASSES = 1001;
  private static final Momentum OPTIMIZER =
      new Momentum(.9, true, WeightDecay.ofKernelsAndBiases(4e-5));

  @ParameterizedTest
  @CsvSource({
    "6, 190, 79011717, 950196, 20.93, 2",
    "6, 192, 80646777, 951012, 21.38, 2",
    "4, 256, 97510569, 977124, 26.36, 2",
    "6, 228, 112912180, 965700, 30.08, 2",
    "6, 256, 141751465, 977124, 37.87, 2",
    "6, 448, 427735033, 1055460, 115.5, 1",
    "6, 512, 557286057, 1081572, 150.7, 1"
  })
  void costsWhatTheSourceCosts(
      int cells, int filters, long parameters, long auxiliary, double billions, int digits) {
    NetworkSummary whole = summary(new AmoebaNet(cells, filters), true, Regularization.none());
    NetworkSummary second = whole.within(Auxiliary.AT);
    assertThat(second.trainableParameters()).isEqualTo(auxiliary);
    assertThat(whole.trainableParameters()).isEqualTo(parameters + auxiliary);
    NetworkSummary alone = summary(new AmoebaNet(cells, filters), false, Regularization.none());
    assertThat(alone.trainableParameters()).isEqualTo(parameters);
    assertThat(alone.multiplyAdds() / 1e9).isCloseTo(billions, within(.5 * Math.pow(10, -digits)));
    assertThat(alone.multiplyAdds() + second.multiplyAdds()).isEqualTo(whole.multiplyAdds());
  }

  /**
   * The first cell has 2 filters, of which a quarter is none: there the source has a convolution
   * 3x3 from 16 channels without a bottleneck, 288 parameters, where a bottleneck of no filters had
   * none.
   */
  @Test
  void theToyHasTheSourcesShapes() {
    AmoebaNet toy = new AmoebaNet(1, 8, 16, Genotype.AMOEBANET_B);
    MapShape image = new MapShape(3, 64, 64);
    NetworkSummary summary =
        NetworkSummary.of(
            Architecture.classifier(toy, 10)
                .configuration(image, Regularization.none(), OPTIMIZER, 1),
            image);
    assertThat(summary.trainableParameters()).isEqualTo(36_209 + 288);
    assertThat(
            Stream.of(
                    "stem/bn",
                    "stem/cell0/states",
                    "stem/cell1/states",
                    "cell0/states",
                    "reduction0/states",
                    "cell1/states",
                    "reduction1/states",
                    "cell2/states")
                .map(name -> output(summary, name)))
        .containsExactly(
            new MapShape(16, 31, 31),
            new MapShape(4, 16, 16),
            new MapShape(8, 8, 8),
            new MapShape(32, 8, 8),
            new MapShape(32, 4, 4),
            new MapShape(64, 4, 4),
            new MapShape(64, 2, 2),
            new MapShape(128, 2, 2));
  }

  @Test
  void keepsTheSizeOfSmallImages() {
    AmoebaNet small = new AmoebaNet(1, 8, 24, Genotype.AMOEBANET_B, AmoebaNet.Stem.CIFAR);
    MapShape image = new MapShape(3, 32, 32);
    NetworkSummary summary =
        NetworkSummary.of(
            Architecture.classifier(small, 10)
                .configuration(image, Regularization.none(), OPTIMIZER, 1),
            image);
    assertThat(small.allCells()).isEqualTo(5);
    assertThat(output(summary, "stem/bn")).isEqualTo(new MapShape(24, 32, 32));
    assertThat(small.levels())
        .containsExactly(
            new Level(2, "cell0/states", 32, 1),
            new Level(3, "cell1/states", 64, 2),
            new Level(4, "cell2/states-relu", 128, 4));
    assertThat(small.levels().stream().map(level -> output(summary, level.vertex())))
        .containsExactly(
            new MapShape(32, 32, 32), new MapShape(64, 16, 16), new MapShape(128, 8, 8));
  }

  @Test
  void thePapersHasTheSourcesShapes() {
    NetworkSummary summary = summary(new AmoebaNet(6, 256), true, Regularization.none());
    assertThat(output(summary, "stem/bn")).isEqualTo(new MapShape(32, 165, 165));
    assertThat(output(summary, "stem/cell0/states")).isEqualTo(new MapShape(128, 83, 83));
    assertThat(output(summary, "stem/cell1/states")).isEqualTo(new MapShape(256, 42, 42));
    assertThat(output(summary, "cell5/states")).isEqualTo(new MapShape(1024, 42, 42));
    assertThat(output(summary, "reduction0/states")).isEqualTo(new MapShape(1024, 21, 21));
    assertThat(output(summary, "cell11/states")).isEqualTo(new MapShape(2048, 21, 21));
    assertThat(output(summary, "reduction1/states")).isEqualTo(new MapShape(2048, 11, 11));
    assertThat(output(summary, "cell17/states-relu")).isEqualTo(new MapShape(4096, 11, 11));
    assertThat(output(summary, "auxiliary/pool")).isEqualTo(new MapShape(2048, 6, 6));
    assertThat(output(summary, "auxiliary/conv2")).isEqualTo(new MapShape(307, 1, 1));
    assertThat(new AmoebaNet(6, 256).levels())
        .containsExactly(
            new Level(2, "stem/cell0/states", 128, 4),
            new Level(3, "cell5/states", 1024, 8),
            new Level(4, "cell11/states", 2048, 16),
            new Level(5, "cell17/states-relu", 4096, 32))
        .allSatisfy(
            level ->
                assertThat(output(summary, level.vertex()).channels()).isEqualTo(level.channels()));
  }

  /** After all normalisations and on all identities of the last 11 of 22 cells. */
  @Test
  void dropsInTheLastHalfOfTheCells() {
    Regularization paper = Regularization.dropBlock(11, List.of(2));
    List<DropBlockSummary> sites = summary(new AmoebaNet(6, 256), true, paper).dropBlocks();
    List<String> ofNormal =
        List.of(
            "dropblock",
            "dropblock-prev",
            "state2/left/dropblock",
            "state3/left/dropblock",
            "state3/right/dropblock1",
            "state3/right/dropblock2",
            "state4/left/dropblock",
            "state4/right/dropblock1",
            "state4/right/dropblock2",
            "state5/left/dropblock",
            "state5/right/dropblock",
            "state6/right/dropblock");
    List<String> ofReduction =
        List.of(
            "dropblock",
            "dropblock-prev",
            "state3/left/dropblock",
            "state3/right/dropblock1",
            "state3/right/dropblock2",
            "state3/right/dropblock3",
            "state4/left/dropblock1",
            "state4/left/dropblock2",
            "state5/left/dropblock",
            "state5/right/dropblock1",
            "state5/right/dropblock2",
            "state6/right/dropblock");
    Stream<String> fine = IntStream.rangeClosed(8, 11).boxed().flatMap(in("cell", ofNormal));
    Stream<String> coarse = IntStream.rangeClosed(12, 17).boxed().flatMap(in("cell", ofNormal));
    List<String> finer = List.of("dropblock", "dropblock-prev", "state3/right/dropblock1");
    Stream<String> narrowing = Stream.of(1).flatMap(in("reduction", ofReduction));
    assertThat(sites)
        .extracting(DropBlockSummary::name)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(fine, narrowing, coarse).flatMap(names -> names).toList());
    assertThat(sites).hasSize(132).extracting(DropBlockSummary::dropScale).containsOnly(1.0);
    assertThat(sites)
        .allSatisfy(
            site -> {
              boolean before =
                  site.name().matches("cell(8|9|10|11)/.*")
                      || finer.stream().anyMatch(name -> site.name().equals("reduction1/" + name));
              int side = before ? 21 : 11;
              assertThat(site.map().height()).as(site.name()).isEqualTo(side);
              assertThat(site.map().width()).as(site.name()).isEqualTo(side);
              assertThat(site.geometry()).isEqualTo(new BlockGeometry(side, side, 11, 11));
            });
  }

  private static Function<Integer, Stream<String>> in(String cell, List<String> sites) {
    return number -> sites.stream().map(site -> cell + number + "/" + site);
  }

  @Test
  void dropsIdentitiesAloneWhenAskedTo() {
    Regularization skips = Regularization.dropBlock(11, List.of(2)).at(EnumSet.of(Site.SKIP));
    Map<String, List<String>> inputs =
        configuration(new AmoebaNet(6, 16), false, skips).getVertexInputs();
    assertThat(inputs.keySet()).filteredOn(name -> name.contains("dropblock")).hasSize(22);
    assertThat(inputs.get("cell10/state3/left/dropblock")).containsExactly("cell10/bn-prev");
    assertThat(inputs.get("cell10/state3/sum"))
        .containsExactly("cell10/state3/left/dropblock", "cell10/state3/right/bn2");
    assertThat(inputs.get("cell10/state5/right/dropblock")).containsExactly("cell10/state2/sum");
    // the others read what is not dropped
    assertThat(inputs.get("cell10/state2/right/pool")).containsExactly("cell10/bn-prev");
    assertThat(inputs.get("cell7/state3/sum"))
        .containsExactly("cell7/bn-prev", "cell7/state3/right/bn2");
  }

  /** Versions 2 and 3 of ScheduledDropPath multiply by (number + 1) / cells, version 1 does not. */
  @Test
  void dropsPathsByCell() {
    for (Kind kind : List.of(Kind.DROP_PATH, Kind.DROP_PATH_BY_CELL)) {
      Regularization paths =
          new Regularization(kind, new TreeSet<>(List.of(1, 2)), EnumSet.of(Site.BRANCH), 1, 1);
      List<DropBlockSummary> sites = summary(new AmoebaNet(6, 16), false, paths).dropBlocks();
      // behind eight operations of each cell: two of ten are identities
      assertThat(sites).hasSize(22 * 8).allMatch(site -> site.name().endsWith("/drop-path"));
      assertThat(scales(sites, "stem/cell0/"))
          .containsExactly(kind == Kind.DROP_PATH ? 1 : 1 / 22.);
      assertThat(scales(sites, "reduction0/"))
          .containsExactly(kind == Kind.DROP_PATH ? 1 : 9 / 22.);
      assertThat(scales(sites, "cell17/")).containsExactly(1.0);
    }
  }

  private static List<Double> scales(List<DropBlockSummary> sites, String cell) {
    return sites.stream()
        .filter(site -> site.name().startsWith(cell))
        .map(DropBlockSummary::dropScale)
        .distinct()
        .toList();
  }

  @Test
  void cellsReadTheTwoCellsBeforeThem() {
    Map<String, List<String>> inputs =
        configuration(new AmoebaNet(2, 16), false, Regularization.none()).getVertexInputs();
    assertThat(inputs.get("stem/cell0/conv")).containsExactly("stem/bn-relu");
    assertThat(inputs.get("stem/cell0/state3/right/conv1")).containsExactly("stem/bn-relu");
    assertThat(inputs.get("stem/cell1/conv1-prev")).containsExactly("stem/bn-relu");
    assertThat(inputs.get("stem/cell1/odd-prev")).containsExactly("stem/bn-relu");
    assertThat(inputs.get("stem/cell1/bn-prev")).containsExactly("stem/cell1/halves-prev");
    assertThat(inputs.get("cell0/odd-prev")).containsExactly("stem/cell0/states-relu");
    // as wide and as large already
    assertThat(inputs.get("cell1/state2/right/pool")).containsExactly("stem/cell1/states");
    assertThat(inputs.get("reduction0/conv")).containsExactly("cell1/states-relu");
    assertThat(inputs.get("reduction0/conv-prev")).containsExactly("cell0/states-relu");
    assertThat(inputs.get("cell2/odd-prev")).containsExactly("cell1/states-relu");
    assertThat(inputs.get("cell3/conv-prev")).containsExactly("reduction0/states-relu");
    assertThat(inputs.get("cell3/states"))
        .containsExactly("cell3/bn", "cell3/state3/sum", "cell3/state4/sum", "cell3/state6/sum");
    assertThat(inputs.get("head/pool")).containsExactly("cell5/states-relu");
  }

  /** Deviations of {@code sqrt(1.3 * 2 / fan-out)}, cut at two of them, which leaves 0.88. */
  @Test
  void startsWithWeightsScaledByTheirFanOut() {
    MapShape image = new MapShape(3, 19, 19);
    ComputationGraph network =
        Architecture.classifier(new AmoebaNet(1, 64), 40)
            .network(image, Regularization.none(), OPTIMIZER, 7);
    requireFanOut(network.getParam("stem/conv_W"), 9 * 32);
    requireFanOut(network.getParam("cell2/conv_W"), 256);
    requireFanOut(network.getParam("reduction1/state3/right/conv2_W"), 9 * 64);
    requireFanOut(network.getParam("reduction1/state4/left/depthwise1_W"), 25);
    requireFanOut(network.getParam("head/softmax_W"), 40);
    assertThat(network.getParam("head/softmax_b").amaxNumber().doubleValue()).isZero();
  }

  private static void requireFanOut(INDArray weights, int fanOut) {
    double deviation = Math.sqrt(1.3 * 2 / fanOut);
    assertThat(weights.stdNumber().doubleValue() / deviation).isCloseTo(.88, within(.05));
    assertThat(weights.amaxNumber().doubleValue() / deviation).isBetween(1.7, 2 + 1e-5);
  }

  @Test
  void takesAnotherGenotype() {
    CellGenotype plain =
        CellGenotype.of(List.of("3x3", "avg_pool_3x3"), List.of(0, 1), List.of(1, 1, 0));
    // state 1 as it is, in another size than the rest: reduced again behind the combinations
    CellGenotype halving =
        CellGenotype.of(List.of("separable_3x3_1", "none"), List.of(0, 0), List.of(1, 0, 0));
    AmoebaNet trunk = new AmoebaNet(1, 8, 8, new Genotype(plain, halving));
    assertThat(trunk.title()).isEqualTo("AmoebaNet (1, 8)");
    NetworkSummary summary = summary(trunk, false, Regularization.none());
    assertThat(output(summary, "cell2/states")).isEqualTo(new MapShape(32, 11, 11));
    assertThat(output(summary, "reduction1/states")).isEqualTo(new MapShape(64, 11, 11));
    assertThat(output(summary, "reduction1/halves-state1")).isEqualTo(new MapShape(32, 11, 11));
    assertThat(output(summary, "reduction1/state2/right/conv")).isEqualTo(new MapShape(32, 11, 11));
  }

  @Test
  void refusesWhatItCannotBe() {
    refuses(() -> new AmoebaNet(0, 8), "Invalid number of cells in a stack: 0");
    refuses(
        () -> new AmoebaNet(1, 3),
        "Invalid number of filters: 3 has no quarter, at least 4 are needed");
    refuses(
        () -> new AmoebaNet(1, 8, 0, Genotype.AMOEBANET_B), "Invalid number of stem filters: 0");
    refuses(
        () -> configuration(new AmoebaNet(1, 8), false, Regularization.dropout(List.of(3))),
        "Cannot regularize group 3: AmoebaNet-B (1, 8) has groups 1 to 2");
    refuses(
        () -> new Auxiliary(4, 0),
        "Invalid weight of the auxiliary loss: 0.0 is not a finite number above 0");
    var head = new ClassificationHead(10, 0, 1, Optional.of(new Auxiliary(4, .4)));
    var architecture = new Architecture(new AmoebaNet(1, 8), head, NormSettings.CLASSIFICATION);
    refuses(
        () ->
            architecture.configuration(
                new MapShape(3, 66, 80), Regularization.none(), OPTIMIZER, 1),
        "Cannot attach an auxiliary classifier: maps of level 4 are 4 x 5, at least 5 x 5 are"
            + " needed");
    refuses(
        () -> new ClassificationHead(10, 0, 0, Optional.empty()),
        "Invalid keep probability of dropout: 0.0 is not above 0 and at most 1");
    Regularization byCell =
        new Regularization(
            Kind.DROP_PATH_BY_CELL, new TreeSet<>(List.of(1)), EnumSet.of(Site.BRANCH), 1, 1);
    refuses(
        () ->
            Architecture.classifier(new ResNet(50), 10).configuration(IMAGE, byCell, OPTIMIZER, 1),
        "Cannot drop paths by cell in ResNet-50: it consists of residual blocks");
  }

  private static void refuses(ThrowingCallable what, String message) {
    assertThatThrownBy(what).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
  }

  private static MapShape output(NetworkSummary summary, String name) {
    return summary.layers().stream()
        .filter(layer -> layer.name().equals(name))
        .map(LayerSummary::output)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name));
  }

  private static NetworkSummary summary(
      AmoebaNet trunk, boolean auxiliary, Regularization regularization) {
    return NetworkSummary.of(configuration(trunk, auxiliary, regularization), IMAGE);
  }

  private static ComputationGraphConfiguration configuration(
      AmoebaNet trunk, boolean auxiliary, Regularization regularization) {
    var head =
        new ClassificationHead(
            CLASSES, .1, .5, Optional.of(new Auxiliary(4, .4)).filter(any -> auxiliary));
    return new Architecture(trunk, head, NormSettings.CLASSIFICATION)
        .configuration(IMAGE, regularization, OPTIMIZER, 1);
  }
}
