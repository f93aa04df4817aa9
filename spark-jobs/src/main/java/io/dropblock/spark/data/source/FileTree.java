package io.dropblock.spark.data.source;

import io.dropblock.spark.data.DataException;
import java.io.Serializable;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files and folders under a root, wherever they are stored. Names are relative to the root,
 * {@code /} between folders; hidden ones (a part that starts with a dot) are left out.
 */
final class FileTree {
  /** One file: its relative name and where its bytes lie. */
  record Entry(String name, String container, long offset, long length) implements Serializable {
    /** The last part of the name. */
    String simpleName() {
      return name.substring(name.lastIndexOf('/') + 1);
    }
  }

  private final String origin;
  // A later file replaces an earlier one of the same name, as it does when a tar is unpacked.
  private final Map<String, Entry> files = new LinkedHashMap<>();
  private final Map<String, Set<String>> children = new LinkedHashMap<>();
  private int others;

  /**
   * An empty tree.
   *
   * @param origin what is listed, for errors
   */
  FileTree(String origin) {
    this.origin = origin;
  }

  /**
   * Adds a file; its name may be hidden and may hold {@code .} parts, but may not leave the root.
   */
  void addFile(String rawName, String container, long offset, long length) {
    String name = clean(rawName);
    if (!name.isEmpty()) {
      files.put(name, new Entry(name, container, offset, length));
      addFolders(name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "");
    }
  }

  /** Adds a folder, which may stay empty. */
  void addFolder(String rawName) {
    addFolders(clean(rawName));
  }

  /** Counts something that is neither a file nor a folder: a link, a device. */
  void addOther() {
    others++;
  }

  Collection<Entry> files() {
    return files.values();
  }

  /** The file of a name, or null. */
  Entry file(String name) {
    return files.get(name);
  }

  int others() {
    return others;
  }

  /**
   * Names of the folders directly in a folder, sorted; the root is the empty name, a slash at the
   * end is allowed.
   */
  Set<String> folders(String folder) {
    String name = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
    return children.getOrDefault(name, Set.of());
  }

  /** Whether there is such a folder below the root, also an empty one. */
  boolean hasFolder(String name) {
    int slash = name.lastIndexOf('/');
    return folders(slash < 0 ? "" : name.substring(0, slash)).contains(name.substring(slash + 1));
  }

  private void addFolders(String folder) {
    String name = folder;
    while (!name.isEmpty()) {
      int slash = name.lastIndexOf('/');
      String parent = slash < 0 ? "" : name.substring(0, slash);
      if (!children
          .computeIfAbsent(parent, key -> new TreeSet<>())
          .add(name.substring(slash + 1))) {
        return;
      }
      name = parent;
    }
  }

  /** The name without empty and {@code .} parts, or empty where it is hidden. */
  private String clean(String rawName) {
    if (rawName.startsWith("/")) {
      throw new DataException("Cannot list " + origin + ": '" + rawName + "' is an absolute name");
    }
    StringBuilder name = new StringBuilder();
    for (String part : rawName.split("/")) {
      if (part.equals("..")) {
        throw new DataException("Cannot list " + origin + ": '" + rawName + "' leads out of it");
      }
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.startsWith(".")) {
        return "";
      }
      name.append(name.isEmpty() ? "" : "/").append(part);
    }
    return name.toString();
  }
}
