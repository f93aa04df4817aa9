package io.dropblock.spark.data.source.imagenet;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.Synsets;
import io.dropblock.spark.data.source.files.SmallFile;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What the validation images of ILSVRC2012 show; their names do not tell.
 *
 * @param origin the file that says so, for people
 * @param synsets one of each image, such as {@code n01440764}, in the order of the images' names
 * @param classes all synsets that are classes; empty where the file does not say
 */
public record ValidationLabels(String origin, List<String> synsets, Set<String> classes) {
  /** Copies the collections. */
  public ValidationLabels {
    synsets = List.copyOf(synsets);
    classes = Set.copyOf(classes);
  }

  /**
   * Reads a list of synsets, one a line, as TensorFlow's {@code
   * imagenet_2012_validation_synset_labels.txt} is.
   *
   * @throws DataException where the file cannot be read, or a line is no synset
   */
  public static ValidationLabels ofList(Path list, Configuration configuration) {
    List<String> synsets = SmallFile.lines(SmallFile.read(list, configuration));
    for (int i = 0; i < synsets.size(); i++) {
      if (!Synsets.isId(synsets.get(i))) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "Cannot read synset labels %s: line %d is '%s', not a synset such as n01440764",
                list,
                i + 1,
                synsets.get(i)));
      }
    }
    return new ValidationLabels(list.toString(), synsets, Set.of());
  }

  /**
   * Reads them from the development kit of ILSVRC2012: from {@code data/meta.mat} and {@code
   * data/ILSVRC2012_validation_ground_truth.txt}.
   *
   * @param devkit {@code ILSVRC2012_devkit_t12.tar.gz}, or the folder it unpacks to
   * @throws DataException where a file is missing or malformed, or a label is no class
   */
  public static ValidationLabels ofDevkit(Path devkit, Configuration configuration) {
    return DevkitFiles.read(devkit, configuration).labels();
  }
}
