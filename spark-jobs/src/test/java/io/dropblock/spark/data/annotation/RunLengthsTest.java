package io.dropblock.spark.data.annotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunLengthsTest {
  /** Texts by {@code pycocotools.mask.encode} 2.0.11; counts counted in the pixels with NumPy. */
  @ParameterizedTest
  @CsvSource({
    "9, 7, 01f02^O00000<, 0 1 22 3 4 3 4 3 4 3 16",
    "4, 3, 0<, 0 12",
    "4, 3, <, 12",
    "3000, 2000, Pfak2Pfak2, 3000000 3000000",
    "6, 8, 124OM000020N10O00010O010O011O40K, 1 2 4 1 1 1 1 1 1 3 1 1 2 1 1 1 1 1 2 1 1 1 2 1 1 1 2 2 1 6 1 1",
    "400, 300, Qdf17R96K4M2N2N2N2O0O2O000O2O000000000001N10001N101N2N2N2N3L5JVRf1, 55937 7 290 13 285 17 282 19 280 21 278 23 276 25 275 25 274 27 273 27 273 27 272 29 271 29 271 29 271 29 271 29 271 29 271 29 272 27 273 27 273 27 274 25 275 25 276 23 278 21 280 19 282 17 285 13 290 7 55656"
  })
  void readsTheShortForm(int width, int height, String text, String counts) {
    List<Integer> expected = List.of(counts.split(" ")).stream().map(Integer::valueOf).toList();
    RunLengths runs = RunLengths.ofCompressed(width, height, text);
    assertThat(runs.counts()).isEqualTo(expected);
    assertThat(runs).isEqualTo(new RunLengths(width, height, expected));
  }

  @Test
  void refusesTextsThatAreNoShortForm() {
    refuses("", "Invalid mask: runs of 0 pixels for 4 x 3");
    refuses("=", "Invalid mask: runs of 13 pixels for 4 x 3");
    refuses("0 ", "Invalid compressed mask: character 1 is no digit");
    refuses("0\u0141", "Invalid compressed mask: character 1 is no digit");
    refuses("0P", "Invalid compressed mask: the number at character 1 does not end");
    refuses("PPPPPPPPPP0", "Invalid compressed mask: the number at character 0 does not end");
    refuses("ooooooO", "Invalid compressed mask: run 0 has -1 pixels");
    refuses("PPPPPP4", "Invalid compressed mask: run 0 has 4294967296 pixels");
  }

  @Test
  void refusesRunsThatDoNotFillTheMask() {
    assertThatThrownBy(() -> RunLengths.of(4, 3, new int[] {5, 6}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid mask: runs of 11 pixels for 4 x 3");
    assertThatThrownBy(() -> RunLengths.of(4, 3, new int[] {-1, 13}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> RunLengths.of(0, 3, new int[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shapesAreValuesThatTravel() throws Exception {
    Polygons polygons = new Polygons(new float[][] {{0, 0, 4, 0, 4, 3.5f}});
    assertThat(polygons).isEqualTo(copy(polygons)).hasSameHashCodeAs(copy(polygons));
    RunLengths runs = RunLengths.of(2, 2, new int[] {1, 3});
    assertThat(runs)
        .isEqualTo(copy(runs))
        .hasToString("RunLengths[width=2, height=2, counts=[1, 3]]");
    assertThatThrownBy(() -> runs.counts().set(0, 2))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static Object copy(Object value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }

  private static void refuses(String text, String message) {
    assertThatThrownBy(() -> RunLengths.ofCompressed(4, 3, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
