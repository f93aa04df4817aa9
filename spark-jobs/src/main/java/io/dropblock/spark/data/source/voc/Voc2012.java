package io.dropblock.spark.data.source.voc;

import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.files.Place;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * PASCAL VOC 2012 for semantic segmentation: {@code VOCdevkit/VOC2012} with {@code JPEGImages},
 * {@code SegmentationClass} and the lists {@code ImageSets/Segmentation/{train,val}.txt}, in a
 * folder or in the tar it is downloaded as, which is not unpacked. Labels are PNGs whose index into
 * the palette is the class, 255 is void. More images to train on come from SBD, as {@link
 * VocTraining} says. A data set in this layout with other classes names them in {@code
 * labelmap.txt}, as {@link VocClasses} says.
 */
public final class Voc2012 {
  /** Names of the classes by label (VOC 2012 development kit, {@code VOCinit.m}). */
  public static final List<String> CLASSES =
      List.of(
          "background",
          "aeroplane",
          "bicycle",
          "bird",
          "boat",
          "bottle",
          "bus",
          "car",
          "cat",
          "chair",
          "cow",
          "diningtable",
          "dog",
          "horse",
          "motorbike",
          "person",
          "pottedplant",
          "sheep",
          "sofa",
          "train",
          "tvmonitor");

  private Voc2012() {}

  /** Whether its lists lie in a folder or a tar, or its tar in a folder. */
  public static boolean isIn(Place place) throws IOException {
    return place.isFolder()
        ? VocTree.isFolder(place.fileSystem(), place.path())
        : place.tar().filter(VocTree::isIn).isPresent();
  }

  /**
   * Lists the images. Reads lists and, of a tar, headers; of SBD nothing but names.
   *
   * <p>An image's label is that in {@code SegmentationClass}; where there is none, and it is there
   * to train on, that in {@code SegmentationClassAug}, and then SBD's.
   *
   * @param source a folder or an uncompressed tar, on any Hadoop file system
   * @throws io.dropblock.spark.data.DataException where a list is missing or malformed, an image or
   *     label that it names is missing, or an image is both to train and to validate on
   */
  public static ImageListing list(Path source, VocTraining training, Configuration configuration) {
    VocTree voc = VocTree.find(source, VocLayout.VOC, configuration);
    VocTree sbd =
        training.sbd() == null ? null : VocTree.find(training.sbd(), VocLayout.SBD, configuration);
    return new VocImages(voc, sbd, training, configuration).listing(source.toString());
  }
}
