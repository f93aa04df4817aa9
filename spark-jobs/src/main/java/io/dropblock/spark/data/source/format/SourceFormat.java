package io.dropblock.spark.data.source.format;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.coco.Coco;
import io.dropblock.spark.data.source.files.Place;
import io.dropblock.spark.data.source.folder.ImageFolder;
import io.dropblock.spark.data.source.imagenet.Ilsvrc2012;
import io.dropblock.spark.data.source.tfrecord.ImageRecords;
import io.dropblock.spark.data.source.voc.Voc2012;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The layouts of raw data sets. */
public enum SourceFormat {
  /** {@link ImageFolder}. */
  FOLDER(place -> true),
  /** {@link Ilsvrc2012}. */
  ILSVRC2012(Ilsvrc2012::isIn),
  /** {@link ImageRecords}. */
  TFRECORDS(ImageRecords::isIn),
  /** {@link Coco}. */
  COCO(Coco::isIn),
  /** {@link Voc2012}. */
  VOC(Voc2012::isIn);

  // ILSVRC2012 goes by names alone: nobody reads all headers of its tars to look for another one.
  private static final List<SourceFormat> ASKED = List.of(ILSVRC2012, VOC, COCO, TFRECORDS, FOLDER);

  /** Tells whether a data set is there. */
  @FunctionalInterface
  private interface Sign {
    boolean isIn(Place place) throws IOException;
  }

  private final Sign sign;

  SourceFormat(Sign sign) {
    this.sign = sign;
  }

  /** The word for it in commands: {@code folder}, {@code ilsvrc2012} and so on. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * By its word.
   *
   * @throws IllegalArgumentException where there is no such format
   */
  public static SourceFormat of(String word) {
    return Arrays.stream(values())
        .filter(format -> format.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    String.format(
                        Locale.ROOT,
                        "Unknown format: '%s' is not one of auto, %s",
                        word,
                        words())));
  }

  /** All words, with commas between them. */
  private static String words() {
    return Arrays.stream(values()).map(SourceFormat::word).collect(Collectors.joining(", "));
  }

  /**
   * By what lies there: the first format that finds its own signs, or else {@link #FOLDER}, which
   * also says where nothing lies.
   *
   * @throws DataException where the folder cannot be listed
   */
  public static SourceFormat detect(Path source, Configuration configuration) {
    try {
      Place place = Place.at(source, configuration);
      for (SourceFormat format : ASKED) {
        if (format.sign.isIn(place)) {
          return format;
        }
      }
      return FOLDER;
    } catch (FileNotFoundException e) {
      return FOLDER;
    } catch (IOException e) {
      throw new DataException("Cannot list " + source + ": " + DataException.reason(e), e);
    }
  }
}
