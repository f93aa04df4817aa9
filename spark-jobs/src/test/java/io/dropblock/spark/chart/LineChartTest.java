package io.dropblock.spark.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class LineChartTest {
  private static final Series LOSS =
      new Series("loss", new double[] {1, 2, 3, 4}, new double[] {4, 2, 1, 0});

  @Test
  void drawsEachPointAtItsPlace() throws Exception {
    Element svg = parsed(new LineChart("Loss", "epoch", List.of(LOSS)).svg());
    String[] points = pointsOf(svg).get(0).split(" ");
    assertThat(points).hasSize(4);
    // from the left edge of the axis to its right one, from the top to the bottom
    assertThat(points[0]).isEqualTo("52.0,24.0");
    assertThat(points[1]).isEqualTo("190.7,115.0");
    assertThat(points[3]).isEqualTo("468.0,206.0");
    assertThat(((Element) svg.getElementsByTagName("g").item(0)).getAttribute("data-points"))
        .isEqualTo("4");
  }

  /** Else all that lies between 0 and 1 would be at one mark or the other. */
  @Test
  void whereItIsToldToThePlacesAreNoWholeNumbers() throws Exception {
    Series kept = new Series("kept", new double[] {.5, .6, 1}, new double[] {0, 1, 2});
    String text =
        parsed(new LineChart("Kept", "keep", List.of(kept), List.of(), false).svg())
            .getTextContent();
    assertThat(text).contains("0.5", "0.6", "0.9");
    assertThat(parsed(new LineChart("Kept", "keep", List.of(kept)).svg()).getTextContent())
        .doesNotContain("0.6", "0.9");
  }

  @Test
  void valuesThatAreNoNumbersInterruptACurve() throws Exception {
    double nan = Double.NaN;
    Series top1 =
        new Series(
            "top-1",
            new double[] {1, 2, 3, 4, 5, 6},
            new double[] {.1, .2, nan, .4, Double.POSITIVE_INFINITY, nan});
    Element svg = parsed(new LineChart("Scores", "epoch", List.of(LOSS, top1)).svg());
    assertThat(pointsOf(svg)).hasSize(2);
    assertThat(pointsOf(svg).get(1).split(" ")).hasSize(2);
    assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(1);
  }

  @Test
  void twentyOneCurvesAreDrawnInTwentyOneWays() throws Exception {
    List<Series> series =
        IntStream.range(0, 21).mapToObj(i -> new Series("curve " + i, LOSS.x(), LOSS.y())).toList();
    LineChart chart = new LineChart("Many", "epoch", series);
    NodeList curves = parsed(chart.svg()).getElementsByTagName("g");
    assertThat(IntStream.range(0, 21).mapToObj(i -> (Element) curves.item(i)))
        .extracting(it -> it.getAttribute("stroke") + " " + it.getAttribute("stroke-dasharray"))
        .doesNotHaveDuplicates()
        .startsWith("#0072b2 ");
    assertThat(chart.image().getWidth()).isPositive();
  }

  @Test
  void aChartWithoutPointsHasItsAxes() throws Exception {
    Series none = new Series("loss", new double[0], new double[0]);
    Series unknown = new Series("x", new double[] {1}, new double[] {Double.NaN});
    assertThat(parsed(new LineChart("Loss", "epoch", List.of(none)).svg()).getTextContent())
        .contains("epoch");
    parsed(new LineChart("Loss", "epoch", List.of(unknown)).svg());
    parsed(new LineChart("Loss", "epoch", List.of()).svg());
  }

  @Test
  void markupInNamesIsText() throws Exception {
    String hostile = "<script>alert('\"&\u0000')</script>";
    Series series = new Series(hostile, LOSS.x(), LOSS.y());
    Element svg = parsed(new LineChart(hostile, hostile, List.of(series, series)).svg());
    assertThat(svg.getElementsByTagName("script").getLength()).isZero();
    assertThat(svg.getTextContent()).contains("<script>alert('\"&\uFFFD')</script>");
  }

  @Test
  void marksStandAtTheirPlaces() throws Exception {
    List<Mark> marks =
        List.of(
            new Mark(Mark.Kind.CHECKPOINT, 1, "epoch-0001"),
            new Mark(Mark.Kind.FAILURE, 2.5, "<executor> lost"),
            new Mark(Mark.Kind.FAILURE, 4, "again"));
    Element svg = parsed(new LineChart("Loss", "epoch", List.of(LOSS), marks).svg());
    NodeList boxes = svg.getElementsByTagName("rect");
    // behind the background
    Element checkpoint = (Element) boxes.item(boxes.getLength() - 6);
    Element failure = (Element) boxes.item(boxes.getLength() - 5);
    assertThat(checkpoint.getAttribute("x")).isEqualTo("51.3");
    assertThat(checkpoint.getAttribute("height")).isEqualTo("6.0");
    assertThat(Double.parseDouble(failure.getAttribute("x")))
        .isCloseTo((52 + 468) / 2. - .75, within(.06));
    assertThat(failure.getAttribute("height")).isEqualTo("182.0");
    assertThat(failure.getTextContent()).isEqualTo("<executor> lost");
    // the curve, and each kind once
    assertThat(svg.getTextContent()).contains("loss", "checkpoint", "failure");
    assertThat(svg.getTextContent()).doesNotContain("best");
  }

  @Test
  void aLongCurveKeepsItsPeaks() {
    int length = 300_000;
    double[] x = IntStream.range(0, length).asDoubleStream().toArray();
    double[] y = IntStream.range(0, length).mapToDouble(i -> Math.sin(i / 1e4)).toArray();
    y[123_456] = 9;
    y[7] = -9;
    y[0] = Double.NaN;
    Series thin = new Series("loss", x, y).thinned(800);
    assertThat(thin.x()).hasSize(800).isSorted();
    assertThat(thin.y()).contains(9, -9);
    assertThat(thin.y()).doesNotContain(Double.NaN);
    assertThat(LOSS.thinned(800)).isSameAs(LOSS);
  }

  @Test
  void refusesValuesWithoutPlaces() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Series("loss", new double[3], new double[4]))
        .withMessage("Invalid curve 'loss': 3 places and 4 values");
  }

  @Test
  void marksAreRoundNumbersAroundTheValues() {
    assertMarks(Axis.over(0, 1, 5, false), "0.0", "0.2", "0.4", "0.6", "0.8", "1.0");
    assertMarks(Axis.over(.013, .097, 5, false), "0.00", "0.02", "0.04", "0.06", "0.08", "0.10");
    assertMarks(Axis.over(1, 20, 8, true), "0", "5", "10", "15", "20");
    assertMarks(Axis.over(1, 3, 8, true), "1", "2", "3");
    assertMarks(Axis.over(7, 7, 5, false), "4", "6", "8", "10");
    assertMarks(Axis.over(1, 1, 8, true), "0", "1", "2");
    assertMarks(Axis.over(1, 1, 5, false), "0.8", "1.0", "1.2");
    assertMarks(Axis.over(-250, 760, 5, false), "-500", "0", "500", "1000");
    assertMarks(Axis.over(0, 5e-9, 5, false), "0", "1E-9", "2E-9", "3E-9", "4E-9", "5E-9");
    Axis axis = Axis.over(2, 11, 5, false);
    assertThat(axis.share(axis.least())).isZero();
    assertThat(axis.share(axis.most())).isCloseTo(1, within(1e-12));
  }

  @Test
  void pixelsShowTheCurveInItsColour() {
    BufferedImage image = new LineChart("Loss", "epoch", List.of(LOSS)).image();
    assertThat(image.getWidth()).isEqualTo(960);
    assertThat(image.getRGB(2 * 52, 2 * 24) & 0xFFFFFF).isNotEqualTo(0xFFFFFF);
    long blue =
        IntStream.range(0, image.getWidth() * image.getHeight())
            .filter(
                i ->
                    (image.getRGB(i % image.getWidth(), i / image.getWidth()) & 0xFFFFFF)
                        == 0x0072B2)
            .count();
    assertThat(blue).isGreaterThan(900);
  }

  @Test
  void aBarIsAsLongAsItsParts() throws Exception {
    ShareBars bars =
        new ShareBars(
            "Where the time goes",
            List.of("forward", "backward"),
            List.of(
                new ShareBars.Bar("rank 0", List.of(10., 30.), false),
                new ShareBars.Bar("rank 1 <b>", List.of(20., 60.), true)));
    Element svg = parsed(bars.svg());
    NodeList boxes = svg.getElementsByTagName("rect");
    assertThat(width(boxes, 0)).isCloseTo(270 * 10 / 80., within(.06));
    assertThat(width(boxes, 1)).isCloseTo(270 * 30 / 80., within(.06));
    assertThat(width(boxes, 3)).isCloseTo(270 * 60 / 80., within(.06));
    assertThat(svg.getTextContent()).contains("80 ms", "\u25B6 rank 1 <b>", "backward: 30.0 ms");
    assertThat(bars.image().getHeight()).isEqualTo(2 * (24 + 18 * 3 + 8));
  }

  private static double width(NodeList boxes, int i) {
    return Double.parseDouble(((Element) boxes.item(i)).getAttribute("width"));
  }

  private static void assertMarks(Axis axis, String... marks) {
    assertThat(axis.marks().stream().map(axis::label)).containsExactly(marks);
  }

  private static List<String> pointsOf(Element svg) {
    NodeList lines = svg.getElementsByTagName("polyline");
    List<String> points = new ArrayList<>();
    for (int i = 0; i < lines.getLength(); i++) {
      points.add(((Element) lines.item(i)).getAttribute("points"));
    }
    return points;
  }

  private static Element parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)))
        .getDocumentElement();
  }
}
