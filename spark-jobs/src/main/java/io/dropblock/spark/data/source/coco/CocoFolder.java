package io.dropblock.spark.data.source.coco;

import io.dropblock.spark.data.source.coco.json.CocoFlaw;
import io.dropblock.spark.data.source.coco.json.CocoJson;
import io.dropblock.spark.data.source.coco.json.CocoOddity;
import io.dropblock.spark.data.source.files.FileNames;
import io.dropblock.spark.data.source.files.FileTree;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The folder with the images of a split. Only files that were found in it are ever opened, so no
 * name leads out of it.
 */
final class CocoFolder {
  private static final Set<String> NOWHERE = Set.of("", ".", "..");

  private final String name;
  private final FileNames files;

  /** A file and what is odd of its name in the annotations, or null. */
  record Found(FileTree.Entry file, CocoOddity oddity) {}

  /**
   * @param name of the folder, as people see it
   */
  CocoFolder(String name, FileNames files) {
    this.name = name;
    this.files = files;
  }

  /**
   * The one file that a {@code file_name} can mean: that of this name, with the separators of
   * another system or in another Unicode form, or that whose last parts are the same.
   */
  Found find(String fileName) throws CocoFlaw {
    FileTree.Entry file = files.exact(fileName);
    if (file != null) {
      return new Found(file, null);
    }
    String path = fileName.replace('\\', '/');
    file = files.exact(path);
    if (file != null) {
      return new Found(file, CocoOddity.BACKSLASH);
    }
    file = files.file(path);
    if (file != null) {
      return new Found(file, CocoOddity.UNICODE_FORM);
    }
    return new Found(byLastParts(fileName, parts(path)), CocoOddity.OTHER_FOLDER);
  }

  private FileTree.Entry byLastParts(String fileName, List<String> parts) throws CocoFlaw {
    for (int from = 0; from < parts.size(); from++) {
      List<FileTree.Entry> found =
          files.endingWith(String.join("/", parts.subList(from, parts.size())));
      if (found.size() == 1) {
        return found.get(0);
      }
      if (found.size() > 1) {
        throw new CocoFlaw(
            "its file_name "
                + CocoJson.shortened(fileName)
                + " may be "
                + files.name(found.get(0))
                + " or "
                + files.name(found.get(1))
                + " in "
                + name);
      }
    }
    throw new CocoFlaw("there is no file " + CocoJson.shortened(fileName) + " in " + name);
  }

  /** Of a path or of an address, without what leads nowhere. */
  private static List<String> parts(String path) {
    String plain = path;
    if (path.contains("://")) {
      plain = path.split("[?#]", 2)[0];
      try {
        plain = URLDecoder.decode(plain.replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        // Not coded, then.
      }
    }
    return Arrays.stream(plain.split("/")).filter(part -> !NOWHERE.contains(part)).toList();
  }
}
