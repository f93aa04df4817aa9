package io.dropblock.spark.cli;

import io.dropblock.nn.FloatArrays;
import io.dropblock.spark.analyze.ClassMap;
import io.dropblock.spark.analyze.MapSpread;
import io.dropblock.spark.analyze.MapSurvey;
import io.dropblock.spark.analyze.MappedNetwork;
import io.dropblock.spark.analyze.SeenImage;
import io.dropblock.spark.cli.assembly.Classifier;
import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Tile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;

/** A network's maps of some images, one after the other, on the driver. */
final class FolderSurvey {
  private static final int CHANNELS = 3;

  private final Classifier classifier;
  private final MappedNetwork network;
  private final FloatBuffer pixels;

  FolderSurvey(AnalyzedRun run) {
    classifier = run.classifier();
    network = MappedNetwork.of(run.network(), classifier.features(), classifier.output());
    int size = classifier.transform().size();
    pixels =
        ByteBuffer.allocateDirect(CHANNELS * size * size * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
  }

  /** Names of its classes for want of others. */
  List<String> numbers() {
    return IntStream.range(0, network.classes()).mapToObj(number -> "class " + number).toList();
  }

  /**
   * Looks at the images.
   *
   * @param label whose maps they are; -1 for the class that each is taken for
   * @throws DataException if one cannot be read
   */
  MapSurvey.Result look(ImageFiles files, int label) {
    List<SeenImage> seen = new ArrayList<>();
    MapSpread spread = MapSpread.NONE;
    for (Path file : files.files()) {
      decode(file, files.bytes(file));
      int size = classifier.transform().size();
      MappedNetwork.Answers answers =
          network.answers(FloatArrays.over(pixels, 1, CHANNELS, size, size));
      int of = label < 0 ? answers.said(0) : label;
      ClassMap map = answers.map(0, of);
      spread = spread.plus(MapSpread.of(map));
      ShownPixels shown = new ShownPixels(pixels, classifier.normalization(), size);
      Tile tile = Tile.mean(shown.image(0, size, size), MapSurvey.SIDE);
      seen.add(new SeenImage(file.getName(), tile, of, answers.probability(0, of), map));
    }
    return new MapSurvey.Result(spread, seen);
  }

  private void decode(Path file, byte[] bytes) {
    try {
      classifier
          .transform()
          .decodeAndApply(bytes, new SplittableRandom(0), classifier.normalization(), pixels, 0);
    } catch (BrokenImageException e) {
      throw new DataException(
          "Cannot read image " + file + ": " + e.getMessage() + "; remove or replace it", e);
    }
  }
}
