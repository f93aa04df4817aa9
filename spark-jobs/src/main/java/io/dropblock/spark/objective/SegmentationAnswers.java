package io.dropblock.spark.objective;

import io.dropblock.spark.data.annotation.LabelColours;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.feed.LabelMapTargets;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.objective.picture.Hue;
import io.dropblock.spark.objective.picture.Panel;
import io.dropblock.spark.objective.picture.Tile;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * Images with a class for each pixel: the loss is the share of pixels whose class was not found,
 * void pixels left out; right is where that is at most a tenth.
 *
 * @param maps the truth
 * @param predicted as many labels; none where an output is not finite
 */
record SegmentationAnswers(LabelMapTargets maps, byte[] predicted) implements Answers {
  private static final int SIDE = 128;
  private static final double RIGHT = .1;

  @Override
  public int size() {
    return maps.size();
  }

  @Override
  public double loss(int image) {
    if (predicted.length == 0) {
      return Double.NaN;
    }
    int wrong = 0;
    int counted = 0;
    for (int i = image * plane(); i < (image + 1) * plane(); i++) {
      if (maps.labels()[i] != (byte) LabelMap.VOID) {
        counted++;
        wrong += maps.labels()[i] == predicted[i] ? 0 : 1;
      }
    }
    return (double) wrong / counted;
  }

  @Override
  public boolean isRight(int image) {
    return loss(image) <= RIGHT;
  }

  @Override
  public Exhibit exhibit(int image, ShownPixels pixels, List<String> classes) {
    Part part = part(image);
    BitSet shown = new BitSet();
    Image truth = coloured(maps.labels(), part, shown);
    Image prediction = coloured(predicted, part, shown);
    return new Exhibit(
        "",
        List.of(String.format(Locale.ROOT, "%.1f %% of the pixels wrong", 100 * loss(image))),
        List.of(
            new Panel(
                "image",
                Tile.mean(pixels.image(image, part.width(), part.height()), SIDE),
                true,
                List.of()),
            new Panel("truth", Tile.nearest(truth, SIDE), false, List.of()),
            new Panel("prediction", Tile.nearest(prediction, SIDE), false, List.of())),
        shown.stream()
            .mapToObj(
                label ->
                    new Hue(
                        label,
                        LabelColours.of(label),
                        label < classes.size() ? classes.get(label) : "void"))
            .toList());
  }

  /** An image in the batch without what was added on the right and below, where all is void. */
  private record Part(int image, int width, int height) {}

  private Part part(int image) {
    int width = 1;
    int height = 1;
    for (int i = 0; i < plane(); i++) {
      if (maps.labels()[image * plane() + i] != (byte) LabelMap.VOID) {
        width = Math.max(width, i % maps.side() + 1);
        height = Math.max(height, i / maps.side() + 1);
      }
    }
    return new Part(image, width, height);
  }

  /**
   * @param shown gets the labels that are there
   */
  private Image coloured(byte[] labels, Part part, BitSet shown) {
    byte[] rgb = new byte[3 * part.width() * part.height()];
    for (int i = 0; i < rgb.length / 3; i++) {
      int at = i / part.width() * maps.side() + i % part.width();
      int label = labels[part.image() * plane() + at] & 0xFF;
      shown.set(label);
      int colour = LabelColours.of(label);
      rgb[3 * i] = (byte) (colour >> 16);
      rgb[3 * i + 1] = (byte) (colour >> 8);
      rgb[3 * i + 2] = (byte) colour;
    }
    return new Image(part.width(), part.height(), rgb);
  }

  private int plane() {
    return maps.side() * maps.side();
  }
}
