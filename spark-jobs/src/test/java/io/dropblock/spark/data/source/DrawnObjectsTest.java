package io.dropblock.spark.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.source.coco.Coco;
import io.dropblock.spark.data.source.format.SourceFormat;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrawnObjectsTest {
  private static final int IMAGES = 60;

  @TempDir Path temp;

  private Path draw(String name, long seed) throws IOException {
    Path folder = temp.resolve(name);
    new DrawnObjects(seed)
        .write(
            FileSystem.getLocal(new Configuration(false)).getRaw(),
            new org.apache.hadoop.fs.Path(folder.toString()),
            IMAGES,
            7);
    return folder;
  }

  private static ImageListing list(Path folder) {
    return Coco.list(new org.apache.hadoop.fs.Path(folder.toString()), new Configuration());
  }

  private static ObjectSet objects(ImageFile image) {
    return (ObjectSet) ((GroundTruth.Known) image.truth()).annotation();
  }

  @Test
  void isListedAsCocoIs() throws IOException {
    Path folder = draw("one", 1);
    assertThat(
            SourceFormat.detect(
                new org.apache.hadoop.fs.Path(folder.toString()), new Configuration()))
        .isEqualTo(SourceFormat.COCO);
    ImageListing listing = list(folder);
    assertThat(listing.train()).hasSize(IMAGES);
    assertThat(listing.val()).hasSize(7);
    assertThat(listing.classes())
        .isEqualTo(DrawnObjects.classes())
        .containsExactly("circle", "square", "triangle");
    assertThat(listing.categoryIds()).containsExactly(1, 2, 3);
    assertThat(listing.leftOut()).isEmpty();
    assertThat(listing.notes()).isEmpty();
    assertThat(listing.ignored()).isZero();
    List<ImageFile> images = new ArrayList<>(listing.train());
    images.addAll(listing.val());
    assertThat(images.stream().map(image -> objects(image).imageId()))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 67).mapToObj(Long::valueOf).toList());
    List<Long> ids =
        images.stream()
            .flatMap(image -> objects(image).objects().stream())
            .map(ImageObject::id)
            .toList();
    assertThat(ids)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, ids.size()).mapToObj(Long::valueOf).toList());
    assertThat(images.stream().map(image -> objects(image).objects().size()).distinct())
        .contains(1, 2, 3)
        .isSubsetOf(1, 2, 3, 4);
  }

  @Test
  void equalSeedsDrawEqualSets() throws IOException {
    Path one = draw("one", 1);
    Path same = draw("same", 1);
    Path other = draw("other", 2);
    try (Stream<Path> walk = Files.walk(one)) {
      List<Path> files = walk.filter(Files::isRegularFile).map(one::relativize).toList();
      assertThat(files).hasSize(67 + 2);
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(one.resolve(file));
        assertThat(Files.readAllBytes(same.resolve(file))).isEqualTo(bytes);
        assertThat(Files.readAllBytes(other.resolve(file))).isNotEqualTo(bytes);
      }
    }
  }

  /** Each shape alone on a canvas of its size, pixel by pixel; those of later ones are not its. */
  @Test
  void boxesAndAreasAreThoseOfThePixels() throws IOException {
    ImageListing listing = list(draw("one", 5));
    SplittableRandom random = new SplittableRandom(5);
    List<Integer> labels = new ArrayList<>();
    for (ImageFile image :
        Stream.concat(listing.train().stream(), listing.val().stream()).toList()) {
      DrawnScene scene = new DrawnScene(random);
      assertThat(((GroundTruth.Known) image.truth()).size())
          .isEqualTo(new ImageSize(scene.width(), scene.height()));
      boolean[] covered = new boolean[scene.width() * scene.height()];
      List<ImageObject> objects = objects(image).objects();
      assertThat(objects).hasSize(scene.shapes().size());
      for (int i = objects.size() - 1; i >= 0; i--) {
        ShapeCanvas canvas = new ShapeCanvas(scene.width(), scene.height(), Color.BLACK);
        DrawnScene.Placed placed = scene.shapes().get(i);
        canvas.drawWhole(DrawnScene.SHAPES.get(placed.shape()), Color.WHITE, placed.placement());
        int[] pixels = canvas.pixels();
        int[] own =
            IntStream.range(0, pixels.length).filter(p -> pixels[p] != 0 && !covered[p]).toArray();
        IntStream.of(own).forEach(p -> covered[p] = true);
        ImageObject object = objects.get(i);
        assertThat(object.area()).isEqualTo(own.length).isGreaterThan(300);
        int[] columns = IntStream.of(own).map(p -> p % scene.width()).sorted().toArray();
        int[] rows = IntStream.of(own).map(p -> p / scene.width()).sorted().toArray();
        assertThat(object.box().x()).isEqualTo(columns[0]);
        assertThat(object.box().right()).isEqualTo(columns[own.length - 1] + 1);
        assertThat(object.box().y()).isEqualTo(rows[0]);
        assertThat(object.box().bottom()).isEqualTo(rows[own.length - 1] + 1);
        assertThat(object.label()).isEqualTo(placed.shape());
        assertThat(object.crowd()).isFalse();
        labels.add(object.label());
      }
    }
    assertThat(labels).contains(0, 1, 2);
  }

  /** In the images as they are stored, with noise and JPEG's errors. */
  @Test
  void boxesEndWhereTheShapesInTheFilesDo() throws IOException, BrokenImageException {
    Path folder = draw("one", 3);
    int boxes = 0;
    for (ImageFile file : list(folder).train()) {
      Image image = ImageDecoder.decode(Files.readAllBytes(folder.resolve(file.name())));
      List<ImageObject> objects = objects(file).objects();
      if (objects.size() == 1) {
        double[] found = extent(image);
        ImageObject object = objects.get(0);
        assertThat(found[0]).isBetween(object.box().x() - 2, object.box().x() + 2);
        assertThat(found[1]).isBetween(object.box().y() - 2, object.box().y() + 2);
        assertThat(found[2]).isBetween(object.box().right() - 2, object.box().right() + 2);
        assertThat(found[3]).isBetween(object.box().bottom() - 2, object.box().bottom() + 2);
        boxes++;
      }
    }
    assertThat(boxes).isGreaterThan(5);
  }

  /** Of the columns and rows with a pixel whose neighbourhood is far brighter or darker. */
  private static double[] extent(Image image) {
    int[] extent = {image.width(), image.height(), 0, 0};
    double ground = mean(image, 3, 3, 3);
    for (int y = 1; y < image.height() - 1; y++) {
      for (int x = 1; x < image.width() - 1; x++) {
        if (Math.abs(mean(image, x, y, 1) - ground) > 32) {
          extent[0] = Math.min(extent[0], x);
          extent[1] = Math.min(extent[1], y);
          extent[2] = Math.max(extent[2], x + 1);
          extent[3] = Math.max(extent[3], y + 1);
        }
      }
    }
    return IntStream.of(extent).asDoubleStream().toArray();
  }

  private static double mean(Image image, int x, int y, int reach) {
    int side = 2 * reach + 1;
    return IntStream.range(0, side * side)
        .map(i -> brightness(image, x - reach + i % side, y - reach + i / side))
        .average()
        .orElseThrow();
  }

  private static int brightness(Image image, int x, int y) {
    return Math.max(image.value(x, y, 0), Math.max(image.value(x, y, 1), image.value(x, y, 2)));
  }
}
