package io.dropblock.spark.data.source.files;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.Findings;
import io.dropblock.spark.data.source.LeftOut;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The files and folders under a root, wherever they are stored. Names are relative to the root,
 * {@code /} between folders. {@link Clutter} is left out and counted; what is listed there and
 * cannot be read is named with its reason.
 */
public final class FileTree {
  /** One file: its relative name and where its bytes lie. */
  public record Entry(String name, String container, long offset, long length)
      implements Serializable {
    /** The last part of the name. */
    public String simpleName() {
      return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Whether it is an image that this program reads, by the ending of its name. */
    public boolean isImage() {
      return FileKind.of(name).isRead();
    }
  }

  private final String origin;
  // A later file replaces an earlier one of the same name, as it does when a tar is unpacked.
  private final Map<String, Entry> files = new LinkedHashMap<>();
  private final Map<String, Set<String>> children = new LinkedHashMap<>();
  private final Map<String, String> unreadable = new LinkedHashMap<>();
  private final Set<String> clutter = new TreeSet<>();
  // Links may lead to them.
  private final Map<String, Entry> clutterFiles = new HashMap<>();
  // One for each file, so that a name may be there twice.
  private final List<String> replaced = new ArrayList<>();

  /**
   * An empty tree.
   *
   * @param origin what is listed, for errors
   */
  public FileTree(String origin) {
    this.origin = origin;
  }

  /** Adds a file; its name may hold {@code .} parts, but may not leave the root. */
  public void addFile(String rawName, String container, long offset, long length) {
    String name = clean(rawName);
    Entry entry = new Entry(name, container, offset, length);
    if (name.isEmpty()) {
      return;
    }
    if (isClutter(name)) {
      clutterFiles.put(name, entry);
    } else {
      if (files.put(name, entry) != null) {
        replaced.add(name);
      }
      unreadable.remove(name);
      addFolders(parent(name));
    }
  }

  /** Adds a folder, which may stay empty. */
  public void addFolder(String rawName) {
    String name = clean(rawName);
    if (!isClutter(name)) {
      addFolders(name);
    }
  }

  /**
   * Names what is there and cannot be read.
   *
   * @param reason one line, with what to do where that is known
   */
  public void leaveOut(String rawName, String reason) {
    String name = clean(rawName);
    if (!isClutter(name)) {
      unreadable.put(name, reason);
    }
  }

  /** All files, in the order in which they were added. */
  public Collection<Entry> files() {
    return files.values();
  }

  /** The file of a name, or null. */
  public Entry file(String name) {
    return files.get(name);
  }

  /** The file of a name, clutter or not, or null. */
  Entry anyFile(String name) {
    Entry file = files.get(name);
    return file == null ? clutterFiles.get(name) : file;
  }

  /** What cannot be read, with the reason. */
  Map<String, String> unreadable() {
    return Collections.unmodifiableMap(unreadable);
  }

  /** The first name in a folder that cannot be read, with the reason, or null. */
  public String unreadableIn(String folder) {
    return unreadable.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(folder))
        .findFirst()
        .map(entry -> entry.getKey() + " cannot be read, " + entry.getValue())
        .orElse(null);
  }

  /** Why a file cannot be read, by itself or as a part of a folder that cannot, or null. */
  public String reasonUnreadable(String name) {
    for (String at = name; !at.isEmpty(); at = parent(at)) {
      if (unreadable.containsKey(at)) {
        return at + " cannot be read, " + unreadable.get(at);
      }
    }
    return null;
  }

  /** What cannot be read, as a listing tells it. */
  public List<LeftOut> leftOut() {
    Findings findings = new Findings(origin);
    unreadable.forEach(findings::leaveOut);
    return findings.leftOut();
  }

  /**
   * What is there beside what is used, earlier files of a name that comes again among it.
   *
   * @param unused what is said of images that are not used, such as {@code outside of the class
   *     folders}
   */
  public PassedOver passedOver(Predicate<Entry> used, String unused) {
    PassedOver passed = new PassedOver();
    files.values().stream()
        .filter(used.negate())
        .forEach(file -> passed.add(FileKind.of(file.name()).noun(unused), file.name()));
    clutter.forEach(name -> passed.add(PassedOver.CLUTTER, name));
    replaced.forEach(name -> passed.add(PassedOver.REPLACED, name));
    return passed;
  }

  /**
   * Names of the folders directly in a folder, sorted; the root is the empty name, a slash at the
   * end is allowed.
   */
  public Set<String> folders(String folder) {
    String name = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
    return children.getOrDefault(name, Set.of());
  }

  /** Whether there is such a folder below the root, also an empty one. */
  public boolean hasFolder(String name) {
    return folders(parent(name)).contains(name.substring(name.lastIndexOf('/') + 1));
  }

  private void addFolders(String folder) {
    String name = folder;
    while (!name.isEmpty()) {
      String parent = parent(name);
      if (!children
          .computeIfAbsent(parent, key -> new TreeSet<>())
          .add(name.substring(name.lastIndexOf('/') + 1))) {
        return;
      }
      name = parent;
    }
  }

  /** The folder of a name, without a slash at its end; empty for the root. */
  static String parent(String name) {
    return name.substring(0, Math.max(0, name.lastIndexOf('/')));
  }

  /** Whether it is, or lies in, clutter, which is counted once for all that lies in it. */
  private boolean isClutter(String name) {
    for (int end = 0; end < name.length(); end++) {
      int start = end;
      end = name.indexOf('/', start) < 0 ? name.length() : name.indexOf('/', start);
      if (Clutter.is(name.substring(start, end))) {
        clutter.add(name.substring(0, end));
        return true;
      }
    }
    return false;
  }

  /** The name without empty and {@code .} parts. */
  private String clean(String rawName) {
    if (rawName.startsWith("/")) {
      throw new DataException("Cannot list " + origin + ": '" + rawName + "' is an absolute name");
    }
    StringBuilder name = new StringBuilder();
    for (String part : rawName.split("/")) {
      if (part.equals("..")) {
        throw new DataException("Cannot list " + origin + ": '" + rawName + "' leads out of it");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        name.append(name.isEmpty() ? "" : "/").append(part);
      }
    }
    return name.toString();
  }
}
