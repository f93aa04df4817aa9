package io.dropblock.spark.predict;

import io.dropblock.spark.data.annotation.LabelColours;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.PlacedImage;
import io.dropblock.spark.data.image.ShownPixels;
import io.dropblock.spark.objective.picture.Exhibit;
import io.dropblock.spark.objective.picture.Hue;
import io.dropblock.spark.objective.picture.Panel;
import io.dropblock.spark.objective.picture.Tile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;

/**
 * The class of each pixel of an image.
 *
 * @param image as it lies in the square
 * @param labels of the stored image, {@code height * width} bytes without a sign, rows from the
 *     top; not copied
 * @param classes their names by number
 */
record LabelMapPrediction(PlacedImage image, byte[] labels, List<String> classes)
    implements Prediction {
  private static final int SIDE = 240;
  private static final int LABELS = 256;

  @Override
  public Exhibit exhibit(String name, int place, ShownPixels pixels) {
    BitSet shown = new BitSet();
    byte[] rgb = new byte[3 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xFF;
      int colour = LabelColours.of(label);
      shown.set(label);
      rgb[3 * i] = (byte) (colour >> 16);
      rgb[3 * i + 1] = (byte) (colour >> 8);
      rgb[3 * i + 2] = (byte) colour;
    }
    Image coloured = new Image(image.width(), image.height(), rgb);
    return new Exhibit(
        name,
        List.of(),
        List.of(
            new Panel(
                "image",
                Tile.mean(pixels.image(place, image.columns(), image.rows()), SIDE),
                true,
                List.of()),
            new Panel("prediction", Tile.nearest(coloured, SIDE), false, List.of())),
        shown.stream()
            .mapToObj(label -> new Hue(label, LabelColours.of(label), classes.get(label)))
            .toList());
  }

  /** As a PNG of 8-bit grey levels, which are the numbers of the classes. */
  byte[] png() {
    return png(new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_BYTE_GRAY));
  }

  private byte[] png(BufferedImage levels) {
    byte[] stored = ((DataBufferByte) levels.getRaster().getDataBuffer()).getData();
    System.arraycopy(labels, 0, stored, 0, labels.length);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(levels, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }

  /** As a PNG whose palette has the colours of PASCAL VOC; the index is the number of the class. */
  byte[] colouredPng() {
    int[] colours = IntStream.range(0, LABELS).map(LabelColours::of).toArray();
    return png(
        new BufferedImage(
            image.width(),
            image.height(),
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, LABELS, colours, 0, false, -1, DataBuffer.TYPE_BYTE)));
  }

  @Override
  public void fill(Group row) {
    row.append("width", image.width())
        .append("height", image.height())
        .append("labels", Binary.fromConstantByteArray(png()));
  }
}
