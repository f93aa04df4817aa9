package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.kind.ObjectSetKind;
import io.dropblock.spark.data.kind.ObjectStatistics;
import io.dropblock.spark.data.source.GroundTruth;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.LeftOut;
import io.dropblock.spark.data.source.coco.json.CocoFile;
import io.dropblock.spark.data.source.files.FileNames;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.PassedOver;
import io.dropblock.spark.data.source.files.Place;
import io.dropblock.spark.text.Count;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Objects in COCO's format, in a folder or in a tar, which is not unpacked. {@link CocoLayout} says
 * where its files may be. Labels are the ranks of the category ids, which may have gaps. Images
 * without objects are listed, too. A box that leaves its image is cut to it.
 */
public final class Coco {
  private final CocoTree tree;
  private final CocoLayout layout;
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private Coco(CocoTree tree) {
    this.tree = tree;
    this.layout = CocoLayout.find(tree);
  }

  /**
   * Whether files of annotations as COCO has them are in a folder or a tar.
   *
   * @throws IOException where a folder or such a file cannot be read
   */
  public static boolean isIn(Place place) throws IOException {
    if (place.isFolder()) {
      CocoTree top = CocoTree.top(place.fileSystem(), place.path());
      return CocoLayout.isIn(top, place.configuration());
    }
    Optional<FileTree> tar = place.tar();
    return tar.isPresent()
        && CocoLayout.isIn(new CocoTree(place.path(), true, tar.get()), place.configuration());
  }

  /**
   * Lists both splits, on the driver. Reads both JSON files, of a tar its headers, and no image but
   * those whose sizes the files do not have.
   *
   * @param source a folder or an uncompressed tar, on a file system that driver and executors share
   * @return what is broken is not listed, but named in {@link ImageListing#leftOut}; what is read
   *     in another way than it is written is counted in {@link ImageListing#notes}
   * @throws DataException where a file or folder is missing or may be either of two, a file is cut
   *     short or no such JSON, a category is malformed, or another one in the other file, two
   *     images of a file have one id or one file, an image is in both splits, or no image or no
   *     object to train on is left
   */
  public static ImageListing list(Path source, Configuration configuration) {
    return new Coco(CocoTree.of(source, configuration)).listing(source, configuration);
  }

  private ImageListing listing(Path source, Configuration configuration) {
    List<CocoPart> parts = layout.parts();
    List<CocoFile> files =
        parts.stream()
            .map(part -> CocoFile.read(title(part), part.annotations(), configuration))
            .toList();
    checkAnnotated(parts, files);
    CocoClasses classes = CocoClasses.of(name(parts.get(0).annotations()), files);
    notes.addAll(classes.notes());
    List<List<ImageFile>> splits = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      splits.add(images(parts.get(i), files.get(i), classes, configuration));
    }
    if (splits.get(Split.TRAIN.ordinal()).isEmpty()) {
      throw refused("there is no image to train on");
    }
    checkLearnable(name(parts.get(0).annotations()), splits.get(Split.TRAIN.ordinal()));
    checkApart(splits.get(Split.TRAIN.ordinal()), splits.get(Split.VAL.ordinal()));
    layout
        .tests()
        .forEach(file -> notes.add(name(file) + " is not read: there is nothing to test"));
    PassedOver passed =
        tree.files()
            .passedOver(used(parts, splits), "that the annotations do not name")
            .within(layout.root());
    leftOut.addAll(tree.files().leftOut());
    notes.addAll(passed.notes());
    return new ImageListing(
        new ObjectSetKind(),
        source.toString(),
        classes.names(),
        classes.numbers(),
        splits.get(Split.TRAIN.ordinal()),
        splits.get(Split.VAL.ordinal()),
        passed.count(),
        leftOut,
        notes);
  }

  /** Images without objects only are no data set to learn from: the export lost its annotations. */
  private void checkAnnotated(List<CocoPart> parts, List<CocoFile> files) {
    for (Split split : Split.values()) {
      CocoFile file = files.get(split.ordinal());
      String name = name(parts.get(split.ordinal()).annotations());
      if (!file.annotations().isEmpty() || file.images().isEmpty()) {
        continue;
      }
      if (split == Split.TRAIN) {
        throw refused(name + " has images, but not one annotation: export it with its annotations");
      }
      notes.add(name + " has not one annotation: there are no objects to measure on");
    }
  }

  /** Nothing is learned from crowds. */
  private void checkLearnable(String name, List<ImageFile> train) {
    ObjectStatistics objects = new ObjectStatistics();
    train.forEach(
        image -> objects.add((ObjectSet) ((GroundTruth.Known) image.truth()).annotation()));
    if (objects.count() == objects.crowds()) {
      String crowds = objects.crowds() == 0 ? "" : ", only " + Count.of(objects.crowds(), "crowd");
      String reason = name + " has no object to train on" + crowds;
      // What was left out is named first where it stops the preparation.
      if (leftOut.isEmpty()) {
        throw refused(reason);
      }
      notes.add(reason);
    }
    objects.beyondNote().ifPresent(note -> notes.add(name + ": " + note));
  }

  private List<ImageFile> images(
      CocoPart part, CocoFile file, CocoClasses classes, Configuration configuration) {
    CocoFolder folder =
        new CocoFolder(
            part.folder().substring(layout.root().length(), part.folder().length() - 1),
            new FileNames(tree.files().files(), part.folder()));
    CocoSplit.Images found =
        CocoSplit.join(
            name(part.annotations()), layout.root(), file, classes, folder, configuration);
    leftOut.addAll(found.findings().leftOut());
    notes.addAll(found.findings().notes());
    return found.images();
  }

  /** Both splits may have their images in one folder. */
  private void checkApart(List<ImageFile> train, List<ImageFile> val) {
    Set<String> names = train.stream().map(ImageFile::name).collect(Collectors.toSet());
    for (ImageFile image : val) {
      if (names.contains(image.name())) {
        throw refused(image.name() + " is both to train and to validate on");
      }
    }
  }

  /** Whether a file is part of the data set, or lies outside of its images' folders. */
  private Predicate<FileTree.Entry> used(List<CocoPart> parts, List<List<ImageFile>> splits) {
    Set<String> folders = parts.stream().map(CocoPart::folder).collect(Collectors.toSet());
    Set<List<Object>> known =
        splits.stream()
            .flatMap(List::stream)
            .map(image -> List.<Object>of(image.container(), image.offset()))
            .collect(Collectors.toCollection(HashSet::new));
    parts.forEach(part -> known.add(place(part.annotations())));
    return file ->
        known.contains(place(file)) || folders.stream().noneMatch(file.name()::startsWith);
  }

  /** Where it lies; names may differ in their Unicode form. */
  private static List<Object> place(FileTree.Entry file) {
    return List.of(file.container(), file.offset());
  }

  private String title(CocoPart part) {
    return tree.title(part.annotations().name());
  }

  private DataException refused(String reason) {
    return new DataException("Cannot list COCO in " + tree.path() + ": " + reason);
  }

  /** For people: from the data set's own root. */
  private String name(FileTree.Entry file) {
    return file.name().substring(layout.root().length());
  }
}
