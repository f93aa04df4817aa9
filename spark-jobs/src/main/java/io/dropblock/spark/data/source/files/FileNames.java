package io.dropblock.spark.data.source.files;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds files by names that somebody wrote. The same name can be written in several Unicode forms:
 * an accent on its letter or behind it, as macOS has it. A file in another form is found where no
 * other one could be meant.
 */
public final class FileNames {
  private final int prefix;
  private final Map<String, FileTree.Entry> exact = new HashMap<>();
  // By the last part of the name, in one form.
  private final Map<String, List<FileTree.Entry>> bySimpleName = new HashMap<>();

  /**
   * Of the files in a folder.
   *
   * @param folder empty, or ends with a slash; names are relative to it
   */
  public FileNames(Collection<FileTree.Entry> files, String folder) {
    this.prefix = folder.length();
    for (FileTree.Entry file : files) {
      if (file.name().startsWith(folder)) {
        exact.put(name(file), file);
        bySimpleName
            .computeIfAbsent(composed(file.simpleName()), key -> new ArrayList<>(1))
            .add(file);
      }
    }
  }

  /** In the one form that equal names have in common, accents on their letters. */
  public static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /** Of a file, relative to the folder. */
  public String name(FileTree.Entry file) {
    return file.name().substring(prefix);
  }

  /** The file of exactly this name, or null. */
  public FileTree.Entry exact(String name) {
    return exact.get(name);
  }

  /** The file of this name, or else the only one of it in another Unicode form; else null. */
  public FileTree.Entry file(String name) {
    FileTree.Entry file = exact.get(name);
    if (file != null) {
      return file;
    }
    String wanted = composed(name);
    List<FileTree.Entry> found =
        sameEnd(wanted).stream().filter(one -> composed(name(one)).equals(wanted)).toList();
    return found.size() == 1 ? found.get(0) : null;
  }

  /** All files whose names end with these parts, in any Unicode form, sorted. */
  public List<FileTree.Entry> endingWith(String parts) {
    String wanted = composed(parts);
    return sameEnd(wanted).stream()
        .filter(file -> ("/" + composed(name(file))).endsWith("/" + wanted))
        .sorted(Comparator.comparing(FileTree.Entry::name))
        .toList();
  }

  private List<FileTree.Entry> sameEnd(String composed) {
    return bySimpleName.getOrDefault(composed.substring(composed.lastIndexOf('/') + 1), List.of());
  }
}
