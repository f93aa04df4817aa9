package io.dropblock.spark.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.ObjectSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What outputs of other programs call an image. */
class PredictionKeysTest {
  private static final PredictionFormat COCO = new DetectionFormat(List.of(1));
  private static final PredictionFormat VOC = new LabelMapFormat();

  @ParameterizedTest
  @CsvSource({
    "000000000139.jpg, 139",
    "val2017/000000000139.jpg, 139",
    "COCO_val2014_000000000042.jpg, 42",
    "0.png, 0",
    "999999999999999999.jpeg, 999999999999999999"
  })
  void numbersAreIds(String name, String id) {
    assertThat(COCO.key(name, null)).contains(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "street.jpg",
        "IMG_20210101.jpg",
        "12a.jpg",
        "139",
        "-1.jpg",
        "1000000000000000000.jpg",
        "\u0661.jpg",
        "139/street.jpg",
        "part-0.parquet#17"
      })
  void otherNamesAreRefused(String name) {
    assertThatThrownBy(() -> COCO.key(name, null))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot write image " + name + " as --format coco: ");
  }

  /** Whatever its file is called. */
  @Test
  void theIdOfADataSetIsKept() {
    assertThat(COCO.key("street.jpg", new ObjectSet(7, List.of()))).contains("7");
    assertThat(COCO.key("000000000139.jpg", new ObjectSet(7, List.of()))).contains("7");
  }

  @ParameterizedTest
  @CsvSource({
    "JPEGImages/2008_000003.jpg, 2008_000003.png",
    "2008_000003.JPEG, 2008_000003.png",
    "a.b.png, a.b.png",
    "part-0.parquet#17, part-0.parquet#17.png"
  })
  void labelMapsAreCalledAsTheImages(String name, String file) {
    assertThat(VOC.key(name, null)).contains(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {".jpg", "a/.jpg", "a/_b.jpg", "a/"})
  void hiddenFilesAreRefused(String name) {
    assertThatThrownBy(() -> VOC.key(name, null))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot write image " + name + " as --format png: ");
  }

  @Test
  void noTwoImagesAreTheSameFile() {
    ImageKeys keys = new ImageKeys(VOC);
    assertThat(keys.add("a/1.jpg", null)).isEqualTo("1.png");
    assertThat(keys.add("a/2.jpg", null)).isEqualTo("2.png");
    assertThatThrownBy(() -> keys.addAll(Map.of("1.png", "b/1.png")))
        .hasMessage(
            "Cannot write predictions as --format png: images a/1.jpg and b/1.png would both be"
                + " 1.png there");
    assertThat(new ImageKeys(new TableFormat()).add("a", null)).isNull();
  }
}
