package io.dropblock.spark.data.source.coco;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.LeftOut;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** COCO data sets whose images or whole files are broken. */
class CocoFilesTest {
  @TempDir Path root;
  private TestCoco coco;

  @BeforeEach
  void draw() throws IOException {
    coco = new TestCoco(root).write();
  }

  @Test
  void leavesOutImagesThatAreNotThereWithTheirObjects() throws IOException {
    coco.images.get(1).put("file_name", "99.jpg");
    coco.write();
    ImageListing listing = coco.list();
    assertThat(listing.train()).hasSize(2);
    assertThat(listing.ignored()).isEqualTo(1);
    assertThat(listing.leftOut())
        .containsExactly(
            new LeftOut(
                "annotations/instances_train2017.json, image 11",
                "there is no file '99.jpg' in train2017; annotations left out with it: 2"));
  }

  @Test
  void leavesOutNamesThatLeadOutOfTheFolder() throws IOException {
    Files.copy(root.resolve("train2017/10.jpg"), root.resolve("secret.jpg"));
    for (String name :
        List.of("../secret.jpg", root.resolve("secret.jpg").toString(), "../val2017/13.jpg")) {
      coco.images.get(2).put("file_name", name);
      coco.write();
      ImageListing listing = coco.list();
      assertThat(listing.train()).hasSize(2);
      assertThat(listing.leftOut()).hasSize(1);
      assertThat(listing.leftOut().get(0).name()).endsWith("json, image 12");
      assertThat(listing.leftOut().get(0).reason()).startsWith("there is no file '");
    }
  }

  @Test
  void namesLinksThatLeadNowhere() throws IOException {
    Files.createSymbolicLink(root.resolve("train2017/98.jpg"), Path.of("gone.jpg"));
    assertThat(coco.list().leftOut())
        .containsExactly(
            new LeftOut(
                "file:" + root + ", train2017/98.jpg",
                "it is a symbolic link to gone.jpg, which is not there"));
  }

  @Test
  void leavesOutMalformedImages() throws IOException {
    coco.images.get(2).put("width", 0);
    coco.assertLeavesOut("image 12", "its width is '0', not a whole number from 1 to 65535");
    coco.images.get(2).put("width", 40);
    coco.images.get(2).remove("height");
    Files.write(root.resolve("train2017/12.jpg"), new byte[] {1});
    coco.assertLeavesOut(
        "image 12", "it has no width or height, and its file none: it is neither JPEG nor PNG");
    coco.images.get(2).remove("id");
    coco.assertLeavesOut("element 2 of images", "it has no id");
  }

  @Test
  void refusesTwoImagesOfOneIdOrName() throws IOException {
    coco.images.get(2).put("id", 10);
    coco.assertRefuses("element 2 of images: there are two images of id 10");
    coco.images.get(2).put("id", 12);
    coco.images.get(2).put("file_name", "10.jpg");
    coco.assertRefuses("element 2 of images, image 12: there are two images of the name '10.jpg'");
  }

  @Test
  void refusesTwoNamesOfOneFile() throws IOException {
    coco.images.get(1).put("file_name", "a/11.jpg");
    coco.images.get(2).put("file_name", "b/11.jpg");
    coco.assertRefuses(
        "element 2 of images, image 12: its file 'b/11.jpg' is also that of 'a/11.jpg', image 11");
  }

  @Test
  void refusesWrongCategories() throws IOException {
    coco.categories.get(0).put("id", 3);
    coco.assertRefuses("category 3, 'car', is there twice");
    coco.categories.get(0).put("id", true);
    coco.assertRefuses("element 0 of categories: its id is 'true', not a text");
    coco.categories.get(0).put("id", 90);
    coco.categories.get(0).put("name", "car");
    coco.write(
        "val", List.of(TestCoco.image(13)), List.of(), List.of(TestCoco.category(1, "person")));
    coco.write("train", coco.images, coco.annotations, coco.categories);
    coco.assertRefused("categories 3 and 90 are both called 'car'; rename one, or make them one");
    coco.categories.get(0).put("name", "comb");
    coco.write();
    assertThatThrownBy(coco::list)
        .isInstanceOf(DataException.class)
        .hasMessage(
            "Cannot read %s: its category 90 is 'toothbrush', but it is 'comb' in %s",
            coco.file("val"), coco.file("train"));
    coco.categories.remove(0);
    coco.write();
    assertThatThrownBy(coco::list)
        .hasMessage(
            "Cannot read %s: its category 90 is 'toothbrush', but there is none of this id in %s",
            coco.file("val"), coco.file("train"));
    coco.categories.get(0).remove("name");
    coco.assertRefuses("element 0 of categories: it has no name");
    coco.categories.clear();
    coco.assertRefuses("its categories are empty");
  }

  @Test
  void refusesFilesThatAreCutShortOrNoCoco() throws IOException {
    byte[] whole = Files.readAllBytes(coco.file("train"));
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(coco.file("train"), Arrays.copyOf(whole, length));
      assertThatThrownBy(coco::list)
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("Cannot read " + coco.file("train") + ": ");
    }
    String text = new String(whole, StandardCharsets.UTF_8);
    Files.writeString(coco.file("train"), text.substring(0, text.indexOf("\"id\":101") + 6));
    assertThatThrownBy(coco::list)
        .hasMessageStartingWith(
            String.format(
                Locale.ROOT,
                "Cannot read %s: element 1 of annotations: Unexpected end-of-input",
                coco.file("train")));
    Files.writeString(coco.file("train"), text + "{}");
    coco.assertRefused("something follows the JSON object");
    Files.writeString(coco.file("train"), "[]");
    coco.assertRefused("it is no JSON object");
    Files.writeString(
        coco.file("train"), "{\"version\": \"5.0.1\", \"flags\": {}, \"shapes\": []}");
    coco.assertRefused(
        "it is no COCO file: it has no categories, images and annotations, but 'version', 'flags',"
            + " 'shapes'");
    Files.writeString(coco.file("train"), "{}");
    coco.assertRefused(
        "it is no COCO file: it has no categories, images and annotations, but nothing");
    Files.writeString(coco.file("train"), text.replace("\"annotations\"", "\"annotation\""));
    coco.assertRefused("it has no annotations");
    Files.writeString(coco.file("train"), text.replace("\"info\"", "\"images\""));
    coco.assertRefused("images is no array");
    Files.writeString(coco.file("train"), text.replace("\"license\"", "\"id\""));
    coco.assertRefused("element 0 of images: Duplicate field 'id'");
    coco.write("train", List.of(), List.of(), coco.categories);
    assertThatThrownBy(coco::list)
        .hasMessage("Cannot list COCO in " + root + ": there is no image to train on");
    coco.images.forEach(image -> image.put("file_name", image.get("id") + ".jpeg"));
    coco.assertRefuses(
        "none of its 3 images can be used: annotations/instances_train2017.json, image 10: there is"
            + " no file '10.jpeg' in train2017; annotations left out with it: 1");
    Files.delete(coco.file("train"));
    coco.assertRefused("there is no such file");
  }

  @Test
  void namesAMissingFolder() throws IOException {
    Files.delete(root.resolve("val2017/13.jpg"));
    Files.delete(root.resolve("val2017"));
    assertThatThrownBy(coco::list)
        .isInstanceOf(DataException.class)
        .hasMessage(
            String.format(
                Locale.ROOT, "Cannot list %s: there is no such folder", root.resolve("val2017")));
  }
}
