package io.dropblock.spark;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The words that the names of a task's classes have in them, here and in dropblock-core. */
enum TaskWords {
  CLASSIFICATION(
      "Classification",
      "SmoothedCrossEntropy",
      "TopK",
      "ClassLabel",
      "ClassPreprocessing",
      "ClassTargets"),
  SEGMENTATION(
      "Segmentation",
      "PixelCrossEntropy",
      "MeanIoU",
      "LabelMap",
      "LabelImage",
      "LabelPlane",
      "LabelPixels",
      "LabelTint",
      "PixelTable"),
  DETECTION(
      "Detect",
      "FocalLoss",
      "BoxLoss",
      "StoredBoxes",
      "ObjectSet",
      "ObjectPreprocessing",
      "ObjectTargets",
      "ObjectTally",
      "ObjectStatistics",
      "ObjectTable",
      "ObjectPainter",
      "ObjectsJson",
      "ImageObject",
      "PlacedObjects",
      "Anchor",
      "AveragePrecision",
      "TrueObjects",
      "FoundObjects");

  private final List<String> words;

  TaskWords(String... words) {
    this.words = List.of(words);
  }

  /** That of a class, or of the one it is nested in. */
  static Optional<TaskWords> of(JavaClass type) {
    if (!type.getPackageName().startsWith("io.dropblock.")) {
      return Optional.empty();
    }
    String name = type.getName().substring(type.getPackageName().length());
    return Arrays.stream(values())
        .filter(task -> task.words.stream().anyMatch(name::contains))
        .findFirst();
  }

  /** Whether a class is one of a task's. */
  static DescribedPredicate<JavaClass> namesATask() {
    return DescribedPredicate.describe("name a task", type -> of(type).isPresent());
  }

  /** Classes by task; those of none are in no slice. */
  static SliceAssignment tasks() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return of(type)
            .map(task -> SliceIdentifier.of(task.name()))
            .orElseGet(SliceIdentifier::ignore);
      }

      @Override
      public String getDescription() {
        return "tasks";
      }
    };
  }
}
