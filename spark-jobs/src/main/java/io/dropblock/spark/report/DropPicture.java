package io.dropblock.spark.report;

import io.dropblock.model.DropBlockSummary;
import io.dropblock.op.BlockGeometry;
import io.dropblock.op.CpuKernel;
import io.dropblock.op.DropMask;
import io.dropblock.op.MaskKey;
import io.dropblock.op.MaskSettings;
import io.dropblock.spark.data.image.Image;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is dropped of one channel of a feature map, laid over the image that the map would be of:
 * the paper's figure 1, with a row for each size of the maps that a recipe drops from. Dropout
 * drops the same share as DropBlock there, as expected over many masks.
 */
public final class DropPicture {
  private static final int SIDE = 260;
  private static final int LINE = 18;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Color DROPPED = new Color(0x202020);
  private static final long SEED = 2018;

  private final List<DropBlockSummary> sites;
  private final double keepProbability;

  /**
   * @param sites of a network that drops blocks
   * @param keepProbability nominal, at the moment that is shown
   */
  public DropPicture(List<DropBlockSummary> sites, double keepProbability) {
    Map<BlockGeometry, DropBlockSummary> ofSizes = new LinkedHashMap<>();
    sites.forEach(site -> ofSizes.putIfAbsent(site.geometry(), site));
    this.sites =
        ofSizes.values().stream()
            .sorted(Comparator.comparingInt(site -> -site.geometry().pixels()))
            .toList();
    this.keepProbability = keepProbability;
  }

  /**
   * Draws a PNG.
   *
   * @throws io.dropblock.spark.data.DataException where there is no font
   */
  public void write(Image photo, OutputStream out) throws IOException {
    PictureGrid.write(PictureGrid.withFonts("the picture", () -> drawn(photo)), out);
  }

  private BufferedImage drawn(Image photo) {
    PictureGrid grid = new PictureGrid(List.of("image", "dropout", "DropBlock"), SIDE);
    BufferedImage pixels = grid.fitted(photo);
    List<List<BufferedImage>> rows = new ArrayList<>();
    for (DropBlockSummary site : sites) {
      BlockGeometry block = site.geometry();
      double keep = 1 - (1 - keepProbability) * site.dropScale();
      BlockGeometry pixel = new BlockGeometry(block.height(), block.width(), 1, 1);
      rows.add(
          List.of(
              labelled(pixels, told(site, keep)),
              masked(pixels, mask(pixel, block.expectedKeep(keep))),
              masked(pixels, mask(block, keep))));
    }
    return grid.draw(rows, List.of(new PictureGrid.Entry(DROPPED, "dropped")));
  }

  private static String told(DropBlockSummary site, double keep) {
    BlockGeometry block = site.geometry();
    return String.format(
        Locale.ROOT,
        "%dx%d, block %dx%d, keep_prob %.3f",
        block.height(),
        block.width(),
        block.blockHeight(),
        block.blockWidth(),
        keep);
  }

  /**
   * Of the channels that drop anything, which may be few, the one that drops about as much as is
   * expected of a channel.
   */
  private static boolean[][] mask(BlockGeometry geometry, double keep) {
    int channels = 1024;
    MaskKey key = new MaskKey(SEED, MaskKey.layer("picture"), 0, 0);
    try (DropMask mask =
        new CpuKernel(1).sample(key, geometry, MaskSettings.of(keep), 1, channels)) {
      boolean[][] nearest = dropped(mask, 0);
      double expected = (1 - geometry.expectedKeep(keep)) * geometry.pixels();
      double distance = Double.POSITIVE_INFINITY;
      for (int channel = 0; channel < channels; channel++) {
        boolean[][] dropped = dropped(mask, channel);
        int count = count(dropped);
        double here = Math.abs(count - expected);
        if (count > 0 && here < distance) {
          nearest = dropped;
          distance = here;
        }
      }
      return nearest;
    }
  }

  private static boolean[][] dropped(DropMask mask, int channel) {
    BlockGeometry geometry = mask.geometry();
    boolean[][] dropped = new boolean[geometry.height()][geometry.width()];
    for (int row = 0; row < geometry.height(); row++) {
      for (int column = 0; column < geometry.width(); column++) {
        dropped[row][column] = !mask.keeps(0, channel, row, column);
      }
    }
    return dropped;
  }

  private static int count(boolean[][] dropped) {
    int count = 0;
    for (boolean[] row : dropped) {
      for (boolean one : row) {
        count += one ? 1 : 0;
      }
    }
    return count;
  }

  private static BufferedImage labelled(BufferedImage photo, String text) {
    BufferedImage labelled =
        new BufferedImage(photo.getWidth(), photo.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = labelled.createGraphics();
    graphics.drawImage(photo, 0, 0, null);
    graphics.setFont(FONT);
    int top = photo.getHeight() - LINE;
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, top, photo.getWidth(), LINE);
    graphics.setColor(Color.BLACK);
    String shown = PictureGrid.shortened(text, graphics.getFontMetrics(), photo.getWidth() - 8);
    graphics.drawString(shown, 4, photo.getHeight() - 5);
    graphics.dispose();
    return labelled;
  }

  private static BufferedImage masked(BufferedImage photo, boolean[][] dropped) {
    BufferedImage masked =
        new BufferedImage(photo.getWidth(), photo.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < photo.getHeight(); y++) {
      for (int x = 0; x < photo.getWidth(); x++) {
        boolean[] row = dropped[y * dropped.length / photo.getHeight()];
        boolean out = row[x * row.length / photo.getWidth()];
        masked.setRGB(x, y, out ? DROPPED.getRGB() : photo.getRGB(x, y));
      }
    }
    return masked;
  }
}
