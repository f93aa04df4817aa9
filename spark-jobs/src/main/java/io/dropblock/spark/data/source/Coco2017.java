package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.annotation.Task;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * COCO 2017's objects: a folder with {@code annotations/instances_train2017.json}, {@code
 * annotations/instances_val2017.json}, and the images in {@code train2017} and {@code val2017}.
 * Labels are the ranks of the category ids, which have gaps. Images without objects are listed,
 * too. A box that leaves its image is cut to it.
 */
public final class Coco2017 {
  private static final String ANNOTATIONS = "annotations";

  private Coco2017() {}

  /** The name of a split's folder: {@code train2017} or {@code val2017}. */
  static String folder(Split split) {
    return split.word() + "2017";
  }

  /** Where the annotations of a split are, in the data set's folder. */
  static Path annotations(Path root, Split split) {
    return new Path(new Path(root, ANNOTATIONS), "instances_" + folder(split) + ".json");
  }

  /**
   * Lists both splits, on the driver. Reads both JSON files, and no image.
   *
   * @param root on a file system that driver and executors share
   * @return what is broken is not listed, but named in {@link ImageListing#leftOut}
   * @throws DataException where a file or folder is missing, a file is cut short or no such JSON,
   *     categories are malformed or not the same in both, two images of a file have one id or one
   *     name, or no image is left
   */
  public static ImageListing list(Path root, Configuration configuration) {
    List<LeftOut> leftOut = new ArrayList<>();
    List<CocoCategory> categories = null;
    List<List<ImageFile>> splits = new ArrayList<>();
    PassedOver passed = new PassedOver();
    for (Split split : Split.values()) {
      Path path = annotations(root, split);
      CocoFile file = CocoFile.read(path, configuration);
      if (categories != null && !categories.equals(file.categories())) {
        throw file.refused(
            "its categories are not those of " + annotations(root, Split.TRAIN), null);
      }
      categories = file.categories();
      FileTree tree = tree(new Path(root, folder(split)), configuration);
      CocoSplit.Images found =
          CocoSplit.join(ANNOTATIONS + "/" + path.getName(), file, folder(split), tree);
      if (split == Split.TRAIN && found.images().isEmpty()) {
        throw file.refused("none of its images is in " + new Path(root, folder(split)), null);
      }
      leftOut.addAll(found.leftOut());
      leftOut.addAll(tree.leftOut());
      splits.add(found.images());
      Set<String> used =
          found.images().stream().map(ImageFile::container).collect(Collectors.toSet());
      passed.add(
          tree.passedOver(
              entry -> used.contains(entry.container()), "that the annotations do not name"),
          folder(split));
    }
    return new ImageListing(
        Task.DETECTION,
        root.toString(),
        categories.stream().map(CocoCategory::name).toList(),
        categories.stream().map(CocoCategory::id).toList(),
        splits.get(Split.TRAIN.ordinal()),
        splits.get(Split.VAL.ordinal()),
        passed.count(),
        leftOut,
        passed.notes());
  }

  private static FileTree tree(Path folder, Configuration configuration) {
    try {
      FileSystem fileSystem = folder.getFileSystem(configuration);
      return Directory.read(fileSystem, fileSystem.getFileStatus(folder).getPath());
    } catch (FileNotFoundException e) {
      throw new DataException("Cannot list " + folder + ": there is no such folder", e);
    } catch (IOException e) {
      throw new DataException("Cannot list " + folder + ": " + DataException.reason(e), e);
    }
  }
}
