package io.dropblock.spark.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.awt.image.BufferedImage;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Both charts with bars of deviations. */
class ErrorChartTest {
  private static final Estimates DROPBLOCK =
      new Estimates(
          "DropBlock <7>",
          new double[] {0, 2, 4},
          new double[] {2, 6, 8},
          new double[] {2, 0, Double.NaN});
  private static final Estimates NONE =
      new Estimates("nothing", new double[0], new double[] {5}, new double[] {10});

  @Test
  void pointsHaveBarsAtTheirPlaces() throws Exception {
    Element svg = parsed(new ErrorChart("Keep", "keep probability", List.of(DROPBLOCK)).svg());
    assertThat(svg.getTextContent()).contains("Keep", "keep probability", "DropBlock <7>");
    // x from 52 to 468 for 0 to 4, y from 246 to 24 for 0 to 8
    assertThat(attributes(svg, "polyline", "points"))
        .containsExactly("52.0,190.5 260.0,79.5 468.0,24.0");
    assertThat(coloured(svg, "#0072b2"))
        .containsExactly("52.0,246.0 52.0,135.0", "49.0,246.0 55.0,246.0", "49.0,135.0 55.0,135.0");
  }

  /** Its own deviation is no bar, but has room. */
  @Test
  void aValueThatHoldsEverywhereIsALine() throws Exception {
    Element svg = parsed(new ErrorChart("Keep", "keep", List.of(DROPBLOCK, NONE)).svg());
    // the axis goes from -5 to 15
    assertThat(attributes(svg, "polyline", "points").get(1)).isEqualTo("52.0,135.0 468.0,135.0");
    parsed(new ErrorChart("Keep", "keep", List.of(NONE)).svg());
    parsed(new ErrorChart("Keep", "keep", List.of()).svg());
  }

  @Test
  void rowsHaveBarsAtTheirPlaces() throws Exception {
    Estimates first =
        new Estimates("first & last", new double[0], new double[] {4}, new double[] {4});
    Estimates second =
        new Estimates("second", new double[0], new double[] {10}, new double[] {Double.NaN});
    Element svg = parsed(new RowChart("Rows", "top-1, %", List.of(first, second)).svg());
    assertThat(svg.getTextContent()).contains("Rows", "top-1, %", "first & last", "second");
    // x from 190 to 460 for 0 to 10
    assertThat(coloured(svg, "#0072b2"))
        .containsExactly("190.0,34.0 406.0,34.0", "190.0,30.0 190.0,38.0", "406.0,30.0 406.0,38.0");
    assertThat(attributes(svg, "rect", "x")).containsExactly("294.5", "456.5");
    parsed(new RowChart("Rows", "top-1", List.of()).svg());
  }

  @Test
  void pixelsHaveTheCurvesColours() {
    assertThat(colours(new ErrorChart("Keep", "keep", List.of(DROPBLOCK, NONE)).image()))
        .contains(0xFF0072B2, 0xFFD55E00);
    assertThat(colours(new RowChart("Rows", "keep", List.of(NONE)).image())).contains(0xFF0072B2);
  }

  @Test
  void asManyDeviationsAsValues() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new Estimates("a", new double[] {1, 2}, new double[] {1}, new double[] {1}))
        .withMessage("Invalid values of 'a': 2 places, 1 values and 1 deviations");
  }

  private static List<Integer> colours(BufferedImage image) {
    List<Integer> colours = new ArrayList<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colours.add(image.getRGB(x, y));
      }
    }
    return colours.stream().distinct().toList();
  }

  private static List<String> coloured(Element svg, String colour) {
    List<String> lines = new ArrayList<>();
    NodeList all = svg.getElementsByTagName("line");
    for (int i = 0; i < all.getLength(); i++) {
      Element line = (Element) all.item(i);
      if (line.getAttribute("stroke").equalsIgnoreCase(colour)) {
        lines.add(
            line.getAttribute("x1")
                + ","
                + line.getAttribute("y1")
                + " "
                + line.getAttribute("x2")
                + ","
                + line.getAttribute("y2"));
      }
    }
    return lines;
  }

  private static List<String> attributes(Element svg, String element, String attribute) {
    List<String> values = new ArrayList<>();
    NodeList all = svg.getElementsByTagName(element);
    for (int i = 0; i < all.getLength(); i++) {
      values.add(((Element) all.item(i)).getAttribute(attribute));
    }
    return values;
  }

  private static Element parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)))
        .getDocumentElement();
  }
}
