package io.dropblock.spark.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.kind.LabelMapKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ImagesPerClassTest {
  private static final ImageListing ALL = listing(20, 5, 30);

  @Test
  void keepsSoManyOfEachClassAndAllToValidateOn() {
    ImageListing few = new ImagesPerClass(7, 1).of(ALL);

    assertThat(few.train().stream().filter(image -> image.label() == 0)).hasSize(7);
    assertThat(few.train().stream().filter(image -> image.label() == 1)).hasSize(5);
    assertThat(few.train().stream().filter(image -> image.label() == 2)).hasSize(7);
    assertThat(few.train()).doesNotHaveDuplicates();
    assertThat(ALL.train()).containsSubsequence(few.train());
    assertThat(few.val()).isEqualTo(ALL.val());
    assertThat(few.classes()).isEqualTo(ALL.classes());
    assertThat(few.notes())
        .containsExactly("Trained on: 19 of 55 images, at most 7 of each class", "odd");
  }

  @Test
  void fewerArePartOfMoreAndTheOrderOfFilesDoesNotCount() {
    List<ImageFile> more = new ImagesPerClass(7, 1).of(ALL).train();
    assertThat(more).containsAll(new ImagesPerClass(3, 1).of(ALL).train());

    List<ImageFile> mixed = new ArrayList<>(ALL.train());
    Collections.shuffle(mixed, new Random(3));
    assertThat(new ImagesPerClass(7, 1).of(ALL.training(mixed)).train()).isEqualTo(more);
  }

  @Test
  void anotherSeedChoosesOthersAndEnoughChoosesAll() {
    assertThat(new ImagesPerClass(7, 2).of(ALL).train())
        .isNotEqualTo(new ImagesPerClass(7, 1).of(ALL).train());
    assertThat(new ImagesPerClass(30, 2).of(ALL).train()).isEqualTo(ALL.train());
  }

  /** Not the first of a folder, which may be alike. */
  @Test
  void choosesFromTheWholeOfAClass() {
    List<Integer> chosen =
        new ImagesPerClass(100, 1)
            .of(listing(1000)).train().stream()
                .map(image -> Integer.parseInt(image.name().replaceAll(".*/|\\.jpg", "")))
                .toList();
    double mean = chosen.stream().mapToInt(i -> i).average().orElseThrow();
    // Of 100 of 0 .. 999 without putting back: 499.5, standard deviation 27.
    assertThat(mean).isBetween(390.0, 610.0);
  }

  @Test
  void refusesImagesWithMoreThanAClassAndNone() {
    assertThatThrownBy(
            () ->
                new ImagesPerClass(2, 0)
                    .of(
                        new ImageListing(
                            new LabelMapKind(), "voc", List.of("a"), List.of(), List.of(), 0)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot choose 2 images of each class of voc: its images have more than a class each");
    assertThatThrownBy(() -> new ImagesPerClass(0, 0))
        .hasMessage("Invalid images per class: 0 is not at least 1");
  }

  private static ImageListing listing(int... images) {
    List<ImageFile> train = new ArrayList<>();
    List<String> classes = new ArrayList<>();
    for (int label = 0; label < images.length; label++) {
      classes.add("class" + label);
      for (int i = 0; i < images[label]; i++) {
        String name = String.format(Locale.ROOT, "train/class%d/%04d.jpg", label, i);
        train.add(new ImageFile("/tar", 512L * i, 10, name, label));
      }
    }
    ImageFile val = new ImageFile("/tar", 0, 10, "val/class0/1.jpg", 0);
    return new ImageListing("tar", classes, train, List.of(val), 0).with(List.of("odd"));
  }
}
