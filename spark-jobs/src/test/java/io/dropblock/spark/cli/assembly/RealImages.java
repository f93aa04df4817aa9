package io.dropblock.spark.cli.assembly;

import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.predict.Inference;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Assumptions;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Forty encoded images of ImageNet or of COCO, where they are.
 *
 * @param encoded their bytes
 */
record RealImages(List<byte[]> encoded) {
  private static final int COUNT = 40;
  private static final Path DATA = Path.of(System.getProperty("dropblock.test.data", "absent"));

  static RealImages imageNet() throws IOException {
    Path tar = DATA.resolve("ilsvrc2012-sample/ILSVRC2012_img_val.tar");
    requireThere(tar);
    List<byte[]> images = new ArrayList<>();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(tar));
        TarArchiveInputStream entries = new TarArchiveInputStream(file)) {
      while (entries.getNextEntry() != null) {
        images.add(entries.readAllBytes());
      }
    }
    return new RealImages(images.subList(0, COUNT));
  }

  static RealImages coco() throws IOException {
    Path folder = DATA.resolve("coco-mini/val2017");
    requireThere(folder);
    List<byte[]> images = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().limit(COUNT).toList()) {
        images.add(Files.readAllBytes(file));
      }
    }
    return new RealImages(images);
  }

  private static void requireThere(Path path) {
    Assumptions.assumeTrue(
        Files.exists(path), "no images at " + path + " (system property dropblock.test.data)");
  }

  /** As a network is given them by {@code predict}. */
  INDArray normalized(OnnxFamily family) throws BrokenImageException {
    return decoded(family.parts(), family.classes());
  }

  /** Pixels of 0 to 255; beside an image those of the mean colour. */
  INDArray pixels(OnnxFamily family) throws BrokenImageException {
    INDArray normalized = normalized(family);
    INDArray pixels =
        decoded(family.parts("data.mean=[0, 0, 0]", "data.std=[1, 1, 1]"), family.classes());
    INDArray outside = normalized.eq(0).castTo(pixels.dataType()).prod(1);
    List<Float> mean = family.parts().normalization().mean();
    for (int channel = 0; channel < 3; channel++) {
      for (int image = 0; image < encoded.size(); image++) {
        pixels.slice(image).slice(channel).addi(outside.slice(image).mul(mean.get(channel)));
      }
    }
    return pixels;
  }

  private INDArray decoded(RecipeParts parts, int classes) throws BrokenImageException {
    Inference inference =
        parts.inference(
            IntStream.range(0, classes).mapToObj(Integer::toString).toList(), List.of(), 1);
    int numbers = 3 * inference.size() * inference.size();
    float[] pixels = new float[numbers * encoded.size()];
    Inference.Samples samples = inference.start(encoded.size());
    for (int image = 0; image < encoded.size(); image++) {
      samples.decode(image, encoded.get(image), FloatBuffer.wrap(pixels), image * numbers);
    }
    return Nd4j.createFromArray(pixels)
        .reshape(encoded.size(), 3, inference.size(), inference.size());
  }
}
