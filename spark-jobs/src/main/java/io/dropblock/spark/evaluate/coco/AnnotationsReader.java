package io.dropblock.spark.evaluate.coco;

import io.dropblock.metric.coco.TrueObjects;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.Mask;
import io.dropblock.spark.data.annotation.RunLengths;
import io.dropblock.spark.data.source.Findings;
import io.dropblock.spark.data.source.coco.json.CocoAnnotation;
import io.dropblock.spark.data.source.coco.json.CocoCategory;
import io.dropblock.spark.data.source.coco.json.CocoFile;
import io.dropblock.spark.data.source.coco.json.CocoId;
import io.dropblock.spark.data.source.coco.json.CocoImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads what results are measured against. Boxes are taken as they are written, since COCO's own
 * tool does: they are neither cut to their image, nor left out where they have no size.
 */
final class AnnotationsReader {
  private final CocoFile file;
  private final List<CocoCategory> categories;
  private final List<CocoImage> images;
  private final Map<CocoId, Integer> categoryNumbers = new HashMap<>();
  private final Map<CocoId, Integer> imageNumbers = new HashMap<>();
  private final List<List<CocoAnnotation>> byImage = new ArrayList<>();
  private final Set<CocoId> ids = new HashSet<>();
  private final Findings findings;

  private AnnotationsReader(JsonInput input) {
    file = CocoFile.read(input.title(), input.entry(), input.configuration());
    findings = new Findings(input.title());
    categories = new ArrayList<>(file.categories());
    images = new ArrayList<>(file.images());
  }

  /**
   * Reads a file.
   *
   * @throws DataException where it is none of COCO's, two images have one id, two categories one
   *     name, or an annotation cannot be understood
   */
  static Annotations read(JsonInput input) {
    return new AnnotationsReader(input).read();
  }

  private Annotations read() {
    numberCategories();
    numberImages();
    images.forEach(image -> byImage.add(new ArrayList<>()));
    for (int place = 0; place < file.annotations().size(); place++) {
      add(file.annotations().get(place), "element " + place + " of annotations");
    }
    List<TrueObjects> truth = new ArrayList<>();
    for (int image = 0; image < images.size(); image++) {
      truth.add(objects(images.get(image), byImage.get(image)));
    }
    return new Annotations(
        file.title(),
        categories.stream().map(CocoCategory::name).toList(),
        categoryNumbers,
        imageNumbers,
        truth,
        findings.notes());
  }

  private void numberCategories() {
    categories.sort(Comparator.comparing(CocoCategory::id));
    Map<String, CocoId> ids = new HashMap<>();
    for (CocoCategory category : categories) {
      CocoId other = ids.put(category.name(), category.id());
      if (other != null) {
        throw refused(
            String.format(
                Locale.ROOT,
                "categories %s and %s have the same name, %s; rename one",
                other,
                category.id(),
                category.name()));
      }
      categoryNumbers.put(category.id(), categoryNumbers.size());
    }
  }

  private void numberImages() {
    for (int place = 0; place < images.size(); place++) {
      if (images.get(place).id() == null) {
        throw refused("element " + place + " of images: " + images.get(place).flaw());
      }
    }
    if (images.isEmpty()) {
      throw refused("it has no image");
    }
    images.sort(Comparator.comparing(CocoImage::id));
    for (CocoImage image : images) {
      if (imageNumbers.put(image.id(), imageNumbers.size()) != null) {
        throw refused("there are two images of id " + image.id());
      }
    }
  }

  private void add(CocoAnnotation annotation, String name) {
    if (annotation.flaw() != null) {
      throw refused(name + ": " + annotation.flaw());
    }
    double[] bbox = annotation.bbox();
    if (bbox[2] < 0 || bbox[3] < 0) {
      throw refused(
          String.format(
              Locale.ROOT, "%s: its bbox has the negative size %s x %s", name, bbox[2], bbox[3]));
    }
    Integer image = imageNumbers.get(annotation.imageId());
    if (image == null) {
      note("of images that it does not have, left out", name);
    } else if (!categoryNumbers.containsKey(annotation.category())) {
      note("of categories that it does not have, left out", name);
    } else {
      byImage.get(image).add(annotation);
      noteOddities(annotation, name);
    }
  }

  private void noteOddities(CocoAnnotation annotation, String name) {
    annotation.oddities().forEach(oddity -> note(oddity.text(), name));
    if (annotation.id() != null) {
      if (annotation.id().equals(new CocoId(0, null))) {
        note("of id 0, for which pycocotools takes what matches them for wrong", name);
      }
      if (!ids.add(annotation.id())) {
        note("with the id of one before, in whose place pycocotools takes them", name);
      }
    }
  }

  private void note(String oddity, String name) {
    findings.note("annotations", oddity, name);
  }

  private TrueObjects objects(CocoImage image, List<CocoAnnotation> annotations) {
    int size = annotations.size();
    double[] boxes = new double[4 * size];
    double[] areas = new double[size];
    boolean[] crowds = new boolean[size];
    int[] numbers = new int[size];
    for (int i = 0; i < size; i++) {
      CocoAnnotation annotation = annotations.get(i);
      System.arraycopy(annotation.bbox(), 0, boxes, 4 * i, 4);
      areas[i] = area(image, annotation);
      crowds[i] = annotation.crowd();
      numbers[i] = categoryNumbers.get(annotation.category());
    }
    return new TrueObjects(boxes, areas, crowds, numbers);
  }

  /** As prepare finds it where it is not written. */
  private double area(CocoImage image, CocoAnnotation annotation) {
    if (annotation.area() != null) {
      return annotation.area();
    }
    if (annotation.shape() == null) {
      return annotation.bbox()[2] * annotation.bbox()[3];
    }
    if (annotation.shape() instanceof RunLengths runs) {
      return Mask.of(runs, runs.width(), runs.height()).area();
    }
    if (!image.hasSize()) {
      throw refused(
          String.format(
              Locale.ROOT,
              "annotation %s of image %s has no area, and the image no width and height to measure"
                  + " its mask by",
              annotation.id(),
              image.id()));
    }
    return Mask.of(annotation.shape(), image.width(), image.height()).area();
  }

  private DataException refused(String reason) {
    return file.refused(reason, null);
  }
}
