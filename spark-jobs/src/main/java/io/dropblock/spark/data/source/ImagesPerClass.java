package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.text.Count;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A part of the training images, with the same number of each class, to see how a recipe does with
 * little data. An image is chosen by a hash of the seed and its name: what is chosen with a smaller
 * number is a part of what is chosen with a larger one. A class with fewer images keeps all.
 *
 * @param most of each class, at least 1
 * @param seed another seed chooses other images
 */
public record ImagesPerClass(int most, long seed) {
  /** Checks the range. */
  public ImagesPerClass {
    if (most < 1) {
      throw new IllegalArgumentException(
          "Invalid images per class: " + most + " is not at least 1");
    }
  }

  /**
   * The listing with fewer training images, which says how many; its validation images stay.
   *
   * @throws DataException where the images have no class each
   */
  public ImageListing of(ImageListing all) {
    if (!(all.kind() instanceof ClassLabelKind)) {
      throw new DataException(
          "Cannot choose "
              + Count.of(most, "image")
              + " of each class of "
              + all.source()
              + ": its images have more than a class each");
    }
    List<ImageFile> chosen =
        all.train().stream()
            .collect(Collectors.groupingBy(ImageFile::label, TreeMap::new, Collectors.toList()))
            .values()
            .stream()
            .flatMap(this::first)
            .sorted(Comparator.comparing(ImageFile::name))
            .toList();
    String note =
        String.format(
            Locale.ROOT,
            "Trained on: %,d of %s, at most %,d of each class",
            chosen.size(),
            Count.of(all.train().size(), "image"),
            most);
    return all.training(chosen).with(List.of(note));
  }

  private Stream<ImageFile> first(List<ImageFile> images) {
    return images.stream()
        .sorted(
            Comparator.comparingLong((ImageFile image) -> KeyedRandom.hash(seed, image.name()))
                .thenComparing(ImageFile::name))
        .limit(most);
  }
}
