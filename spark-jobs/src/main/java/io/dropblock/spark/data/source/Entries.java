package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import java.io.File;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What a folder holds. Hadoop's listing of a local folder leaves out, without a word, what it then
 * does not find: names that the JVM cannot decode, and links to nothing.
 */
final class Entries {
  /** What Java decodes bytes to that are no text in the charset of file names. */
  private static final char UNDECODED = '\uFFFD';

  private Entries() {}

  /**
   * Lists a folder. Of a local one, hidden entries (of a leading dot) may be missing.
   *
   * @throws DataException where an entry of a local folder cannot be found by its name
   */
  static FileStatus[] of(FileSystem fileSystem, Path folder) throws IOException {
    boolean local = fileSystem.getUri().getScheme().equals("file");
    // Before Hadoop lists, so that what is added meanwhile is not missed
    String[] names = local ? new File(folder.toUri().getPath()).list() : null;
    FileStatus[] found = fileSystem.listStatus(folder);
    if (names != null) {
      requireAll(names, found, folder);
    }
    return found;
  }

  private static void requireAll(String[] names, FileStatus[] found, Path folder) {
    Set<String> known =
        Arrays.stream(found).map(status -> status.getPath().getName()).collect(Collectors.toSet());
    for (String name : names) {
      if (!name.startsWith(".") && !known.contains(name)) {
        throw new DataException(
            String.format(Locale.ROOT, "Cannot list %s: %s", folder, reason(name)));
      }
    }
  }

  private static String reason(String name) {
    if (name.indexOf(UNDECODED) >= 0) {
      return String.format(
          Locale.ROOT,
          "the name of its entry '%s' is no text in this program's charset of file names, %s; set"
              + " LC_ALL=C.UTF-8, or rename it",
          name,
          System.getProperty("sun.jnu.encoding"));
    }
    return String.format(
        Locale.ROOT,
        "its entry '%s' is not found, a link to nothing perhaps; remove it or mend the link",
        name);
  }
}
