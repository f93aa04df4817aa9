package io.dropblock.spark.data.source.coco;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.annotation.Polygons;
import io.dropblock.spark.data.annotation.RunLengths;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.kind.ObjectSetKind;
import io.dropblock.spark.data.source.GroundTruth;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.LeftOut;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CocoTest {
  @TempDir Path root;
  private TestCoco coco;

  @BeforeEach
  void draw() throws IOException {
    coco = new TestCoco(root).write();
  }

  @Test
  void listsImagesWithTheirObjects() throws IOException {
    ImageListing listing = coco.list();
    assertThat(listing.kind()).isEqualTo(new ObjectSetKind());
    assertThat(listing.classes()).containsExactly("person", "car", "toothbrush");
    assertThat(listing.categoryIds()).containsExactly(1, 3, 90);
    assertThat(listing.leftOut()).isEmpty();
    assertThat(listing.ignored()).isZero();
    assertThat(listing.train())
        .extracting(ImageFile::name)
        .containsExactly("train2017/10.jpg", "train2017/11.jpg", "train2017/12.jpg");
    assertThat(listing.train().get(0).length())
        .isEqualTo(Files.size(root.resolve("train2017/10.jpg")));
    float[][] ring = {{1, 2, 11.5f, 2, 11.5f, 22, 1, 22}};
    assertThat(truth(listing, 0))
        .isEqualTo(
            known(
                10,
                new ImageObject(100, 2, new Box(1, 2, 10.5, 20), 210, false, new Polygons(ring))));
    assertThat(truth(listing, 1))
        .isEqualTo(
            known(
                11,
                new ImageObject(101, 0, new Box(0, 0, 40, 30), 1200, false, null),
                new ImageObject(
                    102,
                    1,
                    new Box(5, 5, 5, 5),
                    25,
                    true,
                    RunLengths.of(40, 30, new int[] {155, 5, 1040}))));
    assertThat(truth(listing, 2)).isEqualTo(known(12));
    assertThat(listing.val()).extracting(ImageFile::name).containsExactly("val2017/13.jpg");
  }

  @Test
  void takesTheListsAndKeysInAnyOrder() throws IOException {
    ImageListing before = coco.list();
    String text = Files.readString(coco.file("train"));
    int images = text.indexOf(",\"images\":[{");
    int annotations = text.indexOf(",\"annotations\"");
    int categories = text.indexOf(",\"categories\"");
    String end = text.substring(categories, text.length() - 1);
    Files.writeString(
        coco.file("train"),
        "{"
            + text.substring(annotations + 1, categories)
            + end
            + ", \"unknown\": [[{\"images\": 1}]], "
            + text.substring(images + 1, annotations)
            + "}");
    assertThat(coco.list()).isEqualTo(before);
  }

  @Test
  void readsShortRunLengths() throws IOException {
    // 9 x 7 pixels are not the image's 40 x 30; the text is that of RunLengthsTest.
    coco.annotations.get(2).put("segmentation", TestCoco.runs(9, 7, "01f02^O00000<"));
    coco.assertLeavesOut(
        "annotation 102 of image 11", "its mask has 9 x 7 pixels, but the image 40 x 30");
    // 155, 5 and 1040 by pycocotools.
    coco.annotations.get(2).put("segmentation", TestCoco.runs(40, 30, "k45`P1"));
    coco.write();
    assertThat(((ObjectSet) truth(coco.list(), 1).annotation()).objects().get(1).shape())
        .isEqualTo(RunLengths.of(40, 30, new int[] {155, 5, 1040}));
  }

  @Test
  void cutsBoxesToTheirImage() throws IOException {
    coco.annotations.get(0).put("bbox", List.of(-0.5, 12.01, 40.7, 18.0));
    coco.annotations.get(1).put("bbox", List.of(0.1, 29.7, 39.900000000000006, 0.30000000000001));
    coco.write();
    Box box = box(0, 0);
    assertThat(box.x()).isZero();
    assertThat(box.y()).isEqualTo(12.01);
    assertThat(box.right()).isEqualTo(40);
    assertThat(box.bottom()).isEqualTo(30);
    assertThat(box(1, 0).right()).isLessThanOrEqualTo(40).isGreaterThan(39.999999);
    assertThat(box(1, 0).bottom()).isLessThanOrEqualTo(30).isGreaterThan(29.999999);
  }

  @Test
  void leavesOutBoxesThatHoldNothing() throws IOException {
    assertBoxIsLeftOut(
        "its box of 5.0 x 5.0 pixels at (40.0, 3.0) lies outside of the image of 40 x 30",
        40,
        3,
        5,
        5);
    assertBoxIsLeftOut(
        "its box of 5.0 x 5.0 pixels at (3.0, -5.0) lies outside of the image of 40 x 30",
        3,
        -5,
        5,
        5);
    assertBoxIsLeftOut("its box of 9.3 x 0.0 pixels has no area", 3, 3, 9.3, 0);
    assertBoxIsLeftOut("its box of -4.0 x 5.0 pixels has no area", 3, 3, -4, 5);
    assertBoxIsLeftOut(
        "its bbox is '1.0E300', not a number from -1000000 to 1000000", 3, 3, 1e300, 5);
    assertBoxIsLeftOut("its bbox has 3 numbers, not 4", 3, 3, 5);
    assertBoxIsLeftOut("its bbox has more than 4 numbers", 3, 3, 5, 5, 5);
  }

  private void assertBoxIsLeftOut(String reason, Number... bbox) throws IOException {
    coco.annotations.get(1).put("bbox", Arrays.asList(bbox));
    coco.assertLeavesOut("annotation 101 of image 11", reason);
  }

  @Test
  void leavesOutAnnotationsOfNoClassOrNoImage() throws IOException {
    coco.annotations.get(1).put("category_id", 2);
    coco.assertLeavesOut("annotation 101 of image 11", "its category 2 is none of the file");
    coco.annotations.get(1).put("category_id", 91);
    coco.assertLeavesOut("annotation 101 of image 11", "its category 91 is none of the file");
    coco.annotations.get(1).put("image_id", 13);
    coco.assertLeavesOut("annotation 101 of image 13", "there is no such image");
    coco.annotations.get(1).put("image_id", 11);
    coco.annotations.get(1).put("category_id", 1);
    coco.annotations.add(coco.annotations.get(1));
    coco.assertLeavesOut(
        "annotation 101 of image 11",
        "it is there before, with the same id, image, category and box");
  }

  @Test
  void leavesOutAnImageWhoseObjectsAreAllUnknown() throws IOException {
    coco.annotations.get(0).put("category_id", 2);
    coco.write();
    ImageListing listing = coco.list();
    assertThat(listing.train())
        .extracting(ImageFile::name)
        .containsExactly("train2017/11.jpg", "train2017/12.jpg");
    assertThat(listing.leftOut())
        .extracting(LeftOut::reason)
        .containsExactly(
            "its category 2 is none of the file",
            "all of its annotations are left out, so that what it shows is unknown");
  }

  @Test
  void leavesOutMalformedAnnotations() throws IOException {
    assertKeyIsLeftOut("area", -1, "its area is '-1', not a number from 0 to 1000000000000");
    assertKeyIsLeftOut(
        "area", Double.NaN, "its area is 'NaN', not a number from 0 to 1000000000000");
    assertKeyIsLeftOut("area", "big", "its area is 'big', not a number from 0 to 1000000000000");
    assertKeyIsLeftOut("iscrowd", 2, "its iscrowd is '2', not a whole number from 0 to 1");
    assertKeyIsLeftOut("bbox", "0 0 4 4", "its bbox is '0 0 4 4', not an array");
    assertKeyIsLeftOut(
        "bbox",
        List.of(1, List.of(2), 3, 4),
        "its bbox is an array, not a number from -1000000 to 1000000");
    assertKeyIsLeftOut(
        "category_id", 1.5, "its category_id is '1.5', not a whole number of 64 bits");
    assertKeyIsLeftOut("segmentation", 7, "its segmentation is '7', not an array");
    assertKeyIsLeftOut(
        "segmentation",
        List.of(List.of(1, 2, 3, 4, 5, 6, 7)),
        "its segmentation is not usable: Invalid polygon: 7 numbers are not 3 or more corners");
    assertKeyIsLeftOut(
        "segmentation",
        List.of(Arrays.asList(1, 2, 3, 4, 5, null)),
        "its segmentation is 'null', not a number from -1000000 to 1000000");
    assertKeyIsLeftOut(
        "segmentation",
        TestCoco.runs(40, 30, List.of(1199)),
        "its segmentation is not usable: Invalid mask: runs of 1199 pixels for 40 x 30");
    assertKeyIsLeftOut(
        "segmentation",
        TestCoco.runs(40, 30, List.of(1300, -100)),
        "its segmentation is not usable: its counts is '-100', not a whole number from 0 to 2147483647");
    assertKeyIsLeftOut(
        "segmentation",
        TestCoco.runs(30, 40, List.of(1200)),
        "its mask has 30 x 40 pixels, but the image 40 x 30");
    assertKeyIsLeftOut(
        "segmentation",
        TestCoco.runs(40, 30, "\u0141"),
        "its segmentation is not usable: Invalid compressed mask: character 0 is no digit");
    assertKeyIsLeftOut(
        "segmentation",
        Map.of("size", List.of(30)),
        "its segmentation is not usable: it has no counts");
  }

  private void assertKeyIsLeftOut(String key, Object value, String reason) throws IOException {
    Object before = coco.annotations.get(1).put(key, value);
    coco.assertLeavesOut("annotation 101 of image 11", reason);
    coco.annotations.get(1).put(key, before);
  }

  @Test
  void namesAnnotationsThatLackWhatTheyCannot() throws IOException {
    for (String key : List.of("category_id", "bbox")) {
      Object before = coco.annotations.get(1).remove(key);
      coco.assertLeavesOut("annotation 101 of image 11", "it has no " + key);
      coco.annotations.get(1).put(key, before);
    }
    coco.annotations.get(1).remove("image_id");
    coco.assertLeavesOut("annotation 101", "it has no image_id");
    coco.annotations.get(1).remove("id");
    coco.assertLeavesOut("element 1 of annotations", "it has no image_id");
    coco.write("train", coco.images, List.of(7, coco.annotations.get(0)), coco.categories);
    assertThat(coco.list().leftOut())
        .containsExactly(
            new LeftOut(
                "annotations/instances_train2017.json, element 0 of annotations",
                "it is no object"));
  }

  @Test
  void namesTheFirstThousandAndCountsTheRest() throws IOException {
    for (int id = 1000; id < 2500; id++) {
      coco.annotations.add(TestCoco.annotation(id, 10, 5, 1, 1, 1, 1));
    }
    coco.write();
    assertThat(coco.list().leftOut())
        .hasSize(1001)
        .endsWith(new LeftOut("annotations/instances_train2017.json", "500 more entries"));
  }

  private Box box(int image, int object) {
    return ((ObjectSet) truth(coco.list(), image).annotation()).objects().get(object).box();
  }

  private static GroundTruth.Known truth(ImageListing listing, int image) {
    return (GroundTruth.Known) listing.train().get(image).truth();
  }

  private static GroundTruth.Known known(long id, ImageObject... objects) {
    return new GroundTruth.Known(new ObjectSet(id, List.of(objects)), new ImageSize(40, 30));
  }
}
