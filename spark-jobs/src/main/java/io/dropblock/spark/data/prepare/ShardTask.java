package io.dropblock.spark.data.prepare;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ExifOrientation;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.ClassTally;
import io.dropblock.spark.data.shard.BrokenImage;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.PreparationSettings;
import io.dropblock.spark.data.shard.ShardWriter;
import io.dropblock.spark.data.source.GroundTruth;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.files.HadoopPath;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;

/**
 * Writes one shard on an executor: reads each image, decodes it once to be sure of it, stores its
 * bytes and what is known of it.
 *
 * @param staging folder to write to
 * @param settings of the preparation
 * @param kind of the data set's annotations
 * @param classes number of classes
 */
record ShardTask(String staging, PreparationSettings settings, AnnotationKind kind, int classes)
    implements Serializable {
  private static final String TURNED =
      ", as it is when turned by the orientation in its EXIF data, which is not followed here:"
          + " turn its pixels and remove that, as exiftran -a does";

  /** Runs; {@code attempt} is unique among all tasks of all runs. */
  ShardResult run(ShardPlan plan, Configuration configuration, String attempt) throws IOException {
    Path folder = new Path(staging);
    FinishedShards shards =
        new FinishedShards(HadoopPath.fileSystem(folder, configuration), folder);
    // A retry or a speculative copy writes beside this attempt, never over it.
    Path temporary = shards.temporary(plan.file(), attempt);
    List<BrokenImage> broken = new ArrayList<>();
    ClassTally tally = kind.tally(classes);
    OddImages odd = new OddImages();
    try {
      ShardWriter writer =
          new ShardWriter(
              shards.fileSystem(),
              temporary,
              HadoopPath.in(folder, plan.file()),
              settings.blockRecords(),
              settings.mostBlockBytes(),
              kind);
      try (writer) {
        writeAll(plan.images(), configuration, writer, tally, broken, odd);
      }
      boolean stopped = !broken.isEmpty() && !settings.skipBroken();
      boolean left = writer.records() > 0 && !stopped;
      ShardResult result =
          new ShardResult(
              plan.fingerprint(settings),
              left ? writer.describe(plan.file()) : null,
              broken,
              tally.counts(),
              odd.counts());
      if (left) {
        shards.rename(temporary, HadoopPath.in(folder, plan.file()));
      }
      if (!stopped) {
        shards.add(plan.file(), result, attempt);
      }
      return result;
    } finally {
      shards.fileSystem().delete(temporary, false);
    }
  }

  private void writeAll(
      List<ImageFile> images,
      Configuration configuration,
      ShardWriter writer,
      ClassTally tally,
      List<BrokenImage> broken,
      OddImages odd)
      throws IOException {
    try (ByteRanges ranges = new ByteRanges(configuration);
        ByteRanges labelRanges = new ByteRanges(configuration)) {
      int from = 0;
      while (from < images.size()) {
        List<ImageFile> part = images.subList(from, endOfPart(images, from));
        byte[][] bytes = ranges.images(part);
        byte[][] labels = labelRanges.labels(part);
        for (int i = 0; i < bytes.length; i++) {
          ImageFile file = part.get(i);
          requireWanted(file);
          try {
            writer.write(record(file, bytes[i], labels[i], tally));
            odd.add(bytes[i]);
          } catch (BrokenImageException e) {
            broken.add(new BrokenImage(file.name(), e.getMessage()));
          }
          // The writer has it now, or nobody.
          bytes[i] = null;
          labels[i] = null;
        }
        from += part.size();
      }
    }
  }

  /** Another task has failed where this one is told to stop; what it has written goes. */
  private static void requireWanted(ImageFile next) {
    if (TaskContext.get() != null && TaskContext.get().isInterrupted()) {
      throw new DataException("Cannot store image " + next.name() + ": told to stop");
    }
  }

  /** Images that are read at a time are no more than what is held of a block anyway. */
  private int endOfPart(List<ImageFile> images, int from) {
    long room = settings.mostBlockBytes();
    int most = Math.min(images.size(), from + settings.blockRecords());
    int end = from + 1;
    room -= bytes(images.get(from));
    while (end < most && bytes(images.get(end)) <= room) {
      room -= bytes(images.get(end));
      end++;
    }
    return end;
  }

  private static long bytes(ImageFile file) {
    long labels = file.truth() instanceof GroundTruth.LabelFile label ? label.length() : 0;
    return file.length() + labels;
  }

  private ImageRecord record(ImageFile file, byte[] original, byte[] labels, ClassTally tally)
      throws BrokenImageException, IOException {
    Image image = ImageDecoder.decode(original);
    ImageSize size = new ImageSize(image.width(), image.height());
    checkSize(file.truth(), size, original);
    Annotation annotation = annotation(file.truth(), labels, size, original, tally);
    byte[] stored =
        settings.resize() == null
            ? original
            : new ShortSide(settings.resize()).reduce(original, image);
    return new ImageRecord(stored, annotation, file.name());
  }

  private static void checkSize(GroundTruth truth, ImageSize size, byte[] image)
      throws BrokenImageException {
    if (truth instanceof GroundTruth.Known known
        && known.size() != null
        && !known.size().equals(size)) {
      throw new BrokenImageException(
          String.format(
              Locale.ROOT,
              "it has %d x %d pixels, but its annotations are for %d x %d%s",
              size.width(),
              size.height(),
              known.size().width(),
              known.size().height(),
              turned(known.size(), size, image)));
    }
  }

  /** The end of a sentence where an image would be of the expected size if it were turned. */
  private static String turned(ImageSize expected, ImageSize size, byte[] image) {
    return expected.width() == size.height()
            && expected.height() == size.width()
            && ExifOrientation.swapsSides(image)
        ? TURNED
        : "";
  }

  /** Checked against the image and counted. */
  private Annotation annotation(
      GroundTruth truth, byte[] labels, ImageSize size, byte[] image, ClassTally tally)
      throws BrokenImageException {
    if (truth instanceof GroundTruth.LabelFile file) {
      try {
        Annotation read = file.encoding().annotation(labels);
        add(read, size, image, tally);
        return read;
      } catch (BrokenImageException e) {
        throw new BrokenImageException(file.name() + ": " + e.getMessage(), e);
      }
    }
    Annotation known = ((GroundTruth.Known) truth).annotation();
    tally.add(known, size);
    return known;
  }

  private void add(Annotation annotation, ImageSize size, byte[] image, ClassTally tally)
      throws BrokenImageException {
    try {
      tally.add(annotation, size);
    } catch (BrokenImageException e) {
      boolean turned =
          ExifOrientation.swapsSides(image)
              && fits(annotation, new ImageSize(size.height(), size.width()));
      throw turned ? new BrokenImageException(e.getMessage() + TURNED, e) : e;
    }
  }

  private boolean fits(Annotation annotation, ImageSize size) {
    try {
      kind.tally(classes).add(annotation, size);
      return true;
    } catch (BrokenImageException e) {
      return false;
    }
  }
}
