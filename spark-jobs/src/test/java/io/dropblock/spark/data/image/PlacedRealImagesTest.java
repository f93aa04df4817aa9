package io.dropblock.spark.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Images of COCO and label maps in VOC's form, where they are there. */
class PlacedRealImagesTest {
  private static Path data(String name) {
    Path path = Path.of(System.getProperty("dropblock.test.data", "."), name);
    assumeTrue(Files.exists(path), "there is no data set at " + path);
    return path;
  }

  @Test
  void cocoIsPlaced() throws IOException, BrokenImageException {
    Path coco = data("coco-mini");
    JsonNode json =
        new ObjectMapper().readTree(coco.resolve("annotations/instances_train2017.json").toFile());
    DetectionTransform training = DetectionTransform.training(640, new Jitter(true, 0.8, 1.2));
    float[] out = new float[3 * 640 * 640];
    int boxes = 0;
    for (JsonNode entry : json.get("images")) {
      ObjectSet objects = objects(json, entry.get("id").asLong());
      Image image =
          ImageDecoder.decode(
              Files.readAllBytes(
                  coco.resolve("train2017").resolve(entry.get("file_name").asText())));
      PlacedObjects whole =
          DetectionTransform.evaluation(640)
              .apply(image, objects, null, Normalization.IMAGENET, FloatBuffer.wrap(out), 0);
      assertThat(whole.count()).isEqualTo(objects.objects().size());
      for (int i = 0; i < whole.count(); i++) {
        Box box = objects.objects().get(i).box();
        assertThat(whole.boxes()[4 * i + 1] / whole.scaleX()).isCloseTo(box.x(), within(1e-3));
        assertThat(whole.boxes()[4 * i] / whole.scaleY()).isCloseTo(box.y(), within(1e-3));
      }
      PlacedObjects some =
          training.apply(
              image,
              objects,
              KeyedRandom.of(objects.imageId()),
              Normalization.IMAGENET,
              FloatBuffer.wrap(out),
              0);
      assertThat(some.count()).isLessThanOrEqualTo(whole.count());
      boxes += some.count();
      for (float edge : some.boxes()) {
        assertThat(edge).isBetween(0f, 639f);
      }
      for (float value : out) {
        assertThat(Math.abs(value) < 3).isTrue();
      }
    }
    assertThat(boxes).isGreaterThan(200);
  }

  private static ObjectSet objects(JsonNode json, long id) {
    List<ImageObject> objects = new ArrayList<>();
    for (JsonNode entry : json.get("annotations")) {
      JsonNode box = entry.get("bbox");
      if (entry.get("image_id").asLong() == id) {
        objects.add(
            Scene.object(
                entry.get("category_id").asInt() - 1,
                new Box(
                    box.get(0).asDouble(),
                    box.get(1).asDouble(),
                    box.get(2).asDouble(),
                    box.get(3).asDouble()),
                entry.get("iscrowd").asInt() == 1));
      }
    }
    return new ObjectSet(id, objects);
  }

  /** By the colours of the palette: VOC's are a formula of the index (devkit, VOClabelcolormap). */
  @Test
  void vocKeepsItsLabels() throws IOException, BrokenImageException {
    Path voc = data("voc-mini").resolve("VOCdevkit/VOC2012");
    SegmentationTransform evaluation = SegmentationTransform.evaluation(640);
    float[] out = new float[3 * 640 * 640];
    byte[] labels = new byte[640 * 640];
    int maps = 0;
    for (String name : Files.readAllLines(voc.resolve("ImageSets/Segmentation/val.txt"))) {
      byte[] png = Files.readAllBytes(voc.resolve("SegmentationClass").resolve(name + ".png"));
      Image image =
          ImageDecoder.decode(Files.readAllBytes(voc.resolve("JPEGImages").resolve(name + ".jpg")));
      evaluation.apply(
          image,
          LabelImage.decode(png),
          null,
          Normalization.IMAGENET,
          FloatBuffer.wrap(out),
          0,
          new LabelPlane(labels, 0, 1));
      BufferedImage colours = ImageIO.read(new ByteArrayInputStream(png));
      for (int i = 0; i < labels.length; i++) {
        int x = i % 640;
        int y = i / 640;
        boolean inside = x < image.width() && y < image.height();
        int colour = inside ? colours.getRGB(x, y) & 0xFFFFFF : colour(255);
        assertThat(colour(labels[i] & 0xFF)).isEqualTo(colour);
      }
      maps++;
    }
    assertThat(maps).isEqualTo(64);
  }

  private static int colour(int label) {
    int colour = 0;
    for (int bit = 0; bit < 8; bit++) {
      int three = label >> 3 * bit & 7;
      colour |=
          (three & 1) << 16 + 7 - bit | (three >> 1 & 1) << 8 + 7 - bit | (three >> 2) << 7 - bit;
    }
    return colour;
  }
}
