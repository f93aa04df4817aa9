package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.Mask;
import io.dropblock.spark.data.annotation.RunLengths;
import io.dropblock.spark.data.source.Findings;
import io.dropblock.spark.data.source.coco.json.CocoAnnotation;
import io.dropblock.spark.data.source.coco.json.CocoBox;
import io.dropblock.spark.data.source.coco.json.CocoFile;
import io.dropblock.spark.data.source.coco.json.CocoFlaw;
import io.dropblock.spark.data.source.coco.json.CocoId;
import io.dropblock.spark.data.source.coco.json.CocoImage;
import io.dropblock.spark.data.source.coco.json.CocoOddity;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Brings the annotations of a COCO file to its images. */
final class CocoObjects {
  private final CocoFile file;
  private final CocoClasses classes;
  private final CocoNumbers numbers;
  private final Findings findings;
  private double farthest;

  /**
   * @param findings are told what is broken, and what is read in another way than it is written
   */
  CocoObjects(CocoFile file, CocoClasses classes, Findings findings) {
    this.file = file;
    this.classes = classes;
    this.numbers = new CocoNumbers(file.annotations());
    this.findings = findings;
  }

  /**
   * Adds all objects to their images.
   *
   * @param leftOut images whose annotations nobody misses
   * @throws io.dropblock.spark.data.DataException where all boxes are shares of their image's size
   */
  void addTo(Map<CocoId, CocoFound> images, Set<CocoId> leftOut) {
    for (int place = 0; place < file.annotations().size(); place++) {
      CocoAnnotation annotation = file.annotations().get(place);
      if (annotation.imageId() == null || !leftOut.contains(annotation.imageId())) {
        CocoFound image = images.get(annotation.imageId());
        try {
          add(image, annotation, place);
        } catch (CocoFlaw e) {
          findings.leaveOut(name(annotation, place), e.getMessage());
          if (image != null && !numbers.isRepeated(place)) {
            image.miss();
          }
        }
      }
    }
    if (farthest > 0 && farthest <= 1) {
      throw file.refused(
          "all boxes end within the first pixel: COCO's are in pixels, these look like shares of"
              + " the image's size",
          null);
    }
  }

  private void add(CocoFound found, CocoAnnotation annotation, int place) throws CocoFlaw {
    if (annotation.flaw() != null) {
      throw new CocoFlaw(annotation.flaw());
    }
    if (numbers.isRepeated(place)) {
      throw new CocoFlaw("it is there before, with the same id, image, category and box");
    }
    if (found == null) {
      throw new CocoFlaw("there is no such image");
    }
    Integer label = classes.label(annotation.category());
    if (label == null) {
      throw new CocoFlaw("its category " + annotation.category() + " is none of the file");
    }
    CocoImage image = found.image();
    checkMask(image, annotation);
    double[] bbox = annotation.bbox();
    Box box = CocoBox.within(image, bbox);
    farthest = Math.max(farthest, Math.max(bbox[0] + bbox[2], bbox[1] + bbox[3]));
    found
        .objects()
        .add(
            new ImageObject(
                numbers.of(place),
                label,
                box,
                area(image, annotation, box),
                annotation.crowd(),
                annotation.shape()));
    note(image, annotation, place);
  }

  private static void checkMask(CocoImage image, CocoAnnotation annotation) throws CocoFlaw {
    if (annotation.shape() instanceof RunLengths runs
        && (runs.width() != image.width() || runs.height() != image.height())) {
      throw new CocoFlaw(
          String.format(
              Locale.ROOT,
              "its mask has %d x %d pixels, but the image %d x %d",
              runs.width(),
              runs.height(),
              image.width(),
              image.height()));
    }
  }

  private static double area(CocoImage image, CocoAnnotation annotation, Box box) {
    if (annotation.area() != null) {
      return annotation.area();
    }
    return annotation.shape() == null
        ? box.width() * box.height()
        : Mask.of(annotation.shape(), image.width(), image.height()).area();
  }

  private void note(CocoImage image, CocoAnnotation annotation, int place) {
    annotation.oddities().forEach(oddity -> note(oddity, annotation, place));
    if (numbers.isWithout(place)) {
      note(CocoOddity.NO_NUMBER, annotation, place);
    }
    if (CocoBox.isFar(image, annotation.bbox())) {
      note(CocoOddity.FAR_BOX, annotation, place);
    }
  }

  private void note(CocoOddity oddity, CocoAnnotation annotation, int place) {
    findings.note("annotations", oddity.text(), name(annotation, place));
  }

  private static String name(CocoAnnotation annotation, int place) {
    String name =
        annotation.id() == null
            ? "element " + place + " of annotations"
            : "annotation " + annotation.id();
    return annotation.imageId() == null ? name : name + " of image " + annotation.imageId();
  }
}
