package io.dropblock.spark.data.source.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.annotation.Polygons;
import io.dropblock.spark.data.source.GroundTruth;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.LeftOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COCO as tools export it: what it can only mean is read, and counted. */
class CocoExportsTest {
  private static final String ANNOTATIONS = "annotations/instances_train2017.json: annotations ";
  private static final String IMAGES = "annotations/instances_train2017.json: images ";

  @TempDir Path root;
  private TestCoco coco;

  @BeforeEach
  void draw() throws IOException {
    coco = new TestCoco(root);
  }

  @Test
  void takesObjectsWithoutIscrowdForSingleOnes() throws IOException {
    coco.annotations.forEach(annotation -> annotation.remove("iscrowd"));
    coco.annotations.get(1).put("iscrowd", null);
    assertReads(
        ANNOTATIONS
            + "without iscrowd, taken for single objects: 3, the first is annotation 100 of image 10");
    assertThat(object(1, 0).crowd()).isFalse();
    coco.annotations.forEach(annotation -> annotation.put("iscrowd", false));
    coco.annotations.get(1).put("iscrowd", true);
    assertReads();
    assertThat(object(1, 0).crowd()).isTrue();
  }

  @Test
  void measuresAnAreaThatIsMissing() throws IOException {
    coco.annotations.forEach(annotation -> annotation.remove("area"));
    coco.annotations.get(1).put("bbox", List.of(-10, 0, 30, 10));
    coco.write();
    assertThat(coco.list().notes())
        .contains(
            ANNOTATIONS
                + "without area, measured by their mask or else by their box: 3, the first is annotation 100 of image 10");
    // A polygon of 10.5 x 20 whose pixels' centres are counted; the part of a box; five pixels.
    assertThat(object(0, 0).area()).isEqualTo(200);
    assertThat(object(1, 0).area()).isEqualTo(200);
    assertThat(object(1, 1).area()).isEqualTo(5);
  }

  @Test
  void measuresImagesWithoutASize() throws IOException {
    coco.images.get(1).remove("height");
    coco.images.get(1).remove("width");
    coco.images.get(2).put("width", null);
    Files.write(root.resolve("train2017/11.jpg"), TestImages.jpeg(60, 30, 1));
    coco.annotations.get(2).put("segmentation", List.of());
    coco.annotations.get(1).put("bbox", List.of(30, 10, 30, 20));
    assertReads(
        IMAGES + "without width or height, measured in their files: 2, the first is image 11");
    assertThat(object(1, 0).box()).isEqualTo(new Box(30, 10, 30, 20));
  }

  @Test
  void findsABoxAroundPolygons() throws IOException {
    coco.annotations.get(0).put("bbox", List.of());
    assertReads(
        ANNOTATIONS
            + "without bbox, put into the box around their polygons: 1, the first is annotation 100 of image 10");
    assertThat(object(0, 0).box()).isEqualTo(new Box(1, 2, 10.5, 20));
  }

  @Test
  void readsNumbersThatAreTexts() throws IOException {
    coco.images.forEach(image -> image.put("id", image.get("id").toString()));
    coco.images.get(0).put("width", "40");
    coco.annotations.get(0).put("bbox", List.of("1", "2.0", "1.05e1", "20"));
    assertReads(
        IMAGES + "with numbers written as texts: 3, the first is image 10",
        ANNOTATIONS + "with numbers written as texts: 1, the first is annotation 100 of image 10");
    assertThat(set(0).imageId()).isEqualTo(10);
    assertThat(object(0, 0).box()).isEqualTo(new Box(1, 2, 10.5, 20));
    coco.annotations.get(1).put("bbox", List.of("0x1p3", 2, 3, 4));
    coco.assertLeavesOut(
        "annotation 101 of image 11", "its bbox is '0x1p3', not a number from -1000000 to 1000000");
  }

  @Test
  void numbersImagesWhoseIdsAreTexts() throws IOException {
    coco.images.get(0).put("id", "b-7f");
    coco.images.get(1).put("id", 1e15);
    coco.images.get(2).put("id", Long.MAX_VALUE);
    coco.annotations.get(0).put("image_id", "b-7f");
    coco.annotations.get(1).put("image_id", 1_000_000_000_000_000L);
    coco.annotations.get(2).put("image_id", "1000000000000000");
    assertReads(
        IMAGES
            + "without a number of their own as id, so that all are numbered by their order in the file: 1, the first is image 'b-7f'",
        ANNOTATIONS
            + "with numbers written as texts: 1, the first is annotation 102 of image 1000000000000000");
    assertThat(List.of(set(0).imageId(), set(1).imageId(), set(2).imageId()))
        .containsExactly(1L, 2L, 3L);
    assertThat(set(1).objects()).hasSize(2);
  }

  @Test
  void numbersAnnotationsWithoutNumbersOfTheirOwn() throws IOException {
    String note =
        ANNOTATIONS
            + "without a number of their own as id, so that all are numbered by their order in the file: 1, the first is ";
    coco.annotations.get(1).remove("id");
    assertReads(note + "element 1 of annotations of image 11");
    assertThat(object(0, 0).id()).isEqualTo(1);
    assertThat(object(1, 1).id()).isEqualTo(3);
    coco.annotations.get(1).put("id", "0f9c");
    assertReads(note + "annotation '0f9c' of image 11");
    coco.annotations.get(1).put("id", 100);
    assertReads(note + "annotation 100 of image 11");
  }

  @Test
  void keepsOneClassAndCategoryZero() throws IOException {
    setCategories(List.of(category(0, "screw", null)));
    coco.annotations.forEach(annotation -> annotation.put("category_id", 0));
    writeBoth();
    ImageListing listing = coco.list();
    assertThat(listing.classes()).containsExactly("screw");
    assertThat(listing.categoryIds()).containsExactly(0);
    assertThat(listing.leftOut()).isEmpty();
    assertThat(listing.notes()).isEmpty();
  }

  @Test
  void leavesOutACategoryThatOnlyGroupsOthers() throws IOException {
    setCategories(
        List.of(
            category(0, "screw", "none"),
            category(1, "screw", "screw"),
            category(2, "nut", "screw")));
    coco.annotations.get(0).put("category_id", 2);
    coco.annotations.get(2).put("category_id", 1);
    writeBoth();
    ImageListing listing = coco.list();
    assertThat(listing.classes()).containsExactly("screw", "nut");
    assertThat(listing.categoryIds()).containsExactly(1, 2);
    assertThat(object(0, 0).label()).isEqualTo(1);
    assertThat(listing.notes())
        .containsExactly(
            "annotations/instances_train2017.json"
                + ": no class, as it is only the supercategory of others and no annotation has it: category 0 screw");
    // One that somebody used is a class.
    setCategories(List.of(category(0, "part", "none"), category(1, "nut", "part")));
    coco.annotations.forEach(annotation -> annotation.put("category_id", 0));
    coco.annotations.get(0).put("category_id", 1);
    writeBoth();
    assertThat(coco.list().classes()).containsExactly("part", "nut");
  }

  @Test
  void numbersClassesWhoseIdsAreNoSmallNumbers() throws IOException {
    setCategories(List.of(category(5_000_000_000L, "nut", null), category("a1", "bolt", null)));
    coco.annotations.forEach(annotation -> annotation.put("category_id", "a1"));
    writeBoth();
    assertThat(coco.list().classes()).containsExactly("nut", "bolt");
    assertThat(coco.list().categoryIds()).isEmpty();
    assertThat(object(0, 0).label()).isEqualTo(1);
    assertThat(coco.list().notes())
        .containsExactly(
            "annotations/instances_train2017.json"
                + ": not all ids of categories are whole numbers from 0 to 2147483647; classes are numbered from 0 in the order of their ids",
            "annotations/instances_train2017.json: classes without an annotation: 1, the first is nut");
  }

  @Test
  void readsPolygonsInAllForms() throws IOException {
    float[] ring = {1, 2, 11.5f, 2, 11.5f, 22, 1, 22};
    List<Double> flat = List.of(1., 2., 11.5, 2., 11.5, 22., 1., 22.);
    List<List<Double>> corners =
        List.of(List.of(1., 2.), List.of(11.5, 2.), List.of(11.5, 22.), List.of(1., 22.));
    for (Object form :
        List.of(
            flat, corners, List.of(corners), List.of(List.of(flat)), List.of(List.of(corners)))) {
      coco.annotations.get(0).put("segmentation", form);
      assertReads(
          ANNOTATIONS
              + "with polygons nested in another way than in lists of x0, y0, x1, y1, ...: 1, the first is annotation 100 of image 10");
      assertThat(object(0, 0).shape()).isEqualTo(new Polygons(new float[][] {ring}));
    }
    coco.annotations.get(0).put("segmentation", List.of(flat, List.of(1, 2, 3, 4)));
    assertReads(
        ANNOTATIONS
            + "with polygons of fewer than 3 corners, which are dropped: 1, the first is annotation 100 of image 10");
    assertThat(object(0, 0).shape()).isEqualTo(new Polygons(new float[][] {ring}));
    for (Object none :
        Arrays.asList(null, List.of(), List.of(List.of()), Map.of(), List.of(List.of(List.of())))) {
      coco.annotations.get(0).put("segmentation", none);
      assertReads();
      assertThat(object(0, 0).shape() == null).isTrue();
    }
  }

  @Test
  void countsBoxesFarBeyondTheirImage() throws IOException {
    coco.annotations.get(1).put("bbox", List.of(30, 20, 10.9, 10));
    assertReads();
    coco.annotations.get(1).put("bbox", List.of(30, 20, 40, 30));
    assertReads(
        ANNOTATIONS
            + "with a box that ends more than a pixel beyond the image, cut to it; COCO's are x, y, width, height: 1, the first is annotation 101 of image 11");
  }

  @Test
  void refusesSharesOfTheImage() throws IOException {
    coco.annotations.forEach(annotation -> annotation.put("bbox", List.of(0.25, 0.5, 0.5, 0.5)));
    coco.assertRefuses(
        "all boxes end within the first pixel: COCO's are in pixels, these look like shares of the image's size");
  }

  @Test
  void findsFilesByTheOneNameThatCanBeMeant() throws IOException {
    Files.createDirectory(root.resolve("train2017/a"));
    Files.move(root.resolve("train2017/10.jpg"), root.resolve("train2017/a/10 x.jpg"));
    coco.images.get(0).put("file_name", "a\\10 x.jpg");
    assertReads(IMAGES + "with backslashes in file_name: 1, the first is image 10, 'a\\10 x.jpg'");
    for (String name :
        List.of(
            "10 x.jpg",
            "..\\media\\upload\\10 x.jpg",
            "/home/me/train2017/a/10 x.jpg",
            "file:///d/a/10%20x.jpg",
            "https://images.invalid/b/10%20x.jpg?w=640#a")) {
      coco.images.get(0).put("file_name", name);
      assertReads(
          IMAGES
              + "with a file_name of other folders, found by its last parts: 1, the first is image 10, '"
              + name
              + "'");
      assertThat(coco.list().train().get(2).name()).isEqualTo("train2017/a/10 x.jpg");
    }
    Files.createDirectory(root.resolve("train2017/b"));
    Files.write(root.resolve("train2017/b/10 x.jpg"), new byte[1]);
    coco.images.get(0).put("file_name", "z/10 x.jpg");
    coco.write();
    assertThat(coco.list().leftOut())
        .extracting(LeftOut::reason)
        .containsExactly(
            "its file_name 'z/10 x.jpg' may be a/10 x.jpg or b/10 x.jpg in train2017; annotations left out with it: 1");
  }

  @Test
  void findsFilesInAnotherUnicodeForm() throws IOException {
    String name = "\u00e9t\u00e9.jpg";
    String apart = Normalizer.normalize(name, Normalizer.Form.NFD);
    Files.move(root.resolve("train2017/10.jpg"), root.resolve("train2017/" + apart));
    coco.images.get(0).put("file_name", name);
    assertReads(
        IMAGES
            + "with a file_name in another Unicode form than that of the file: 1, the first is image 10, '"
            + name
            + "'");
    // The one of the same form, where both are there.
    Files.write(root.resolve("train2017/" + name), new byte[] {1, 2, 3});
    assertReads(
        "Passed over 1 file: 1 JPEG image that the annotations do not name (train2017/"
            + apart
            + ")");
    assertThat(coco.list().train().get(2).length()).isEqualTo(3);
  }

  @Test
  void readsFilesOfOtherWriters() throws IOException {
    coco.write();
    ImageListing before = coco.list();
    byte[] json = Files.readAllBytes(coco.file("train"));
    ByteArrayOutputStream marked = new ByteArrayOutputStream();
    marked.write(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
    marked.write(json);
    Files.write(coco.file("train"), marked.toByteArray());
    assertThat(coco.list()).isEqualTo(before);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(coco.file("train")))) {
      out.write(json);
    }
    assertThat(coco.list()).isEqualTo(before);
    String text = new String(json, StandardCharsets.UTF_8);
    Files.writeString(coco.file("train"), text.replace("\"license\":4", "\"license\":NaN"));
    assertThat(coco.list()).isEqualTo(before);
  }

  @Test
  void refusesAnExportWithoutAnnotations() throws IOException {
    coco.annotations.clear();
    coco.write();
    assertThatThrownBy(coco::list)
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot list COCO in "
                + root
                + ": annotations/instances_train2017.json has images, but not one annotation: export"
                + " it with its annotations");
    draw();
    coco.write();
    coco.write("val", List.of(TestCoco.image(13)), List.of(), coco.categories);
    assertThat(coco.list().notes())
        .containsExactly(
            "annotations/instances_val2017.json has not one annotation: there are no objects to"
                + " measure on");
  }

  @Test
  void refusesNothingButCrowds() throws IOException {
    coco.annotations.forEach(annotation -> annotation.put("iscrowd", 1));
    coco.write();
    assertThatThrownBy(coco::list)
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot list COCO in "
                + root
                + ": annotations/instances_train2017.json has no object to train on, only 3 crowds");
    coco.annotations.get(0).put("image_id", 77);
    coco.write();
    // Else what is left out would not be named.
    assertThat(coco.list().leftOut()).hasSize(1);
    assertThat(coco.list().notes())
        .containsExactly(
            "annotations/instances_train2017.json has no object to train on, only 2 crowds");
  }

  @Test
  void countsWhatTrainingLeavesOutOfAnImage() throws IOException {
    for (int i = 0; i < 300; i++) {
      coco.annotations.add(TestCoco.annotation(1000 + i, 12, 1, i % 30, i % 20, 2, 3));
    }
    assertReads(
        "annotations/instances_train2017.json: training takes the 100 largest objects of an image;"
            + " 1 image has more, 200 objects are left out");
  }

  private void assertReads(String... notes) throws IOException {
    coco.write();
    ImageListing listing = coco.list();
    assertThat(listing.leftOut()).isEmpty();
    assertThat(listing.train()).hasSize(3);
    assertThat(listing.notes()).containsExactly(notes);
  }

  private void setCategories(List<Map<String, Object>> categories) {
    coco.categories.clear();
    coco.categories.addAll(categories);
  }

  private static Map<String, Object> category(Object id, String name, String group) {
    Map<String, Object> category = new LinkedHashMap<>();
    category.put("id", id);
    category.put("name", name);
    category.put("supercategory", group);
    return category;
  }

  /** With the same categories, and one annotation to validate on. */
  private void writeBoth() throws IOException {
    coco.write("train", coco.images, coco.annotations, coco.categories);
    List<Map<String, Object>> reversed = new ArrayList<>(coco.categories);
    Collections.reverse(reversed);
    Map<String, Object> annotation = new LinkedHashMap<>(coco.annotations.get(0));
    annotation.put("image_id", 13);
    coco.write("val", List.of(TestCoco.image(13)), List.of(annotation), reversed);
  }

  private ImageObject object(int image, int object) {
    return set(image).objects().get(object);
  }

  private ObjectSet set(int image) {
    return (ObjectSet) ((GroundTruth.Known) coco.list().train().get(image).truth()).annotation();
  }
}
