package io.dropblock.spark.data.source.files;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The links of a tar, which become the files that they lead to. */
final class TarLinks {
  /**
   * A link.
   *
   * @param words what it says, for people
   * @param target within the tar; null where it leads out of it, or back out of a folder that may
   *     be a link itself
   */
  private record Link(String words, Way target) {}

  /**
   * A way through the tar.
   *
   * @param end its last folder or file, from the tar's root on; empty for the root
   * @param left folders that it goes back out of
   */
  private record Way(String end, List<String> left) {}

  private final FileTree tree;
  // Those that are still to be followed.
  private final TreeMap<String, Link> links = new TreeMap<>();
  private final Set<String> names = new HashSet<>();

  TarLinks(FileTree tree) {
    this.tree = tree;
  }

  /** A link to an earlier file of the tar, by its name from the tar's root on. */
  void addHard(String name, String target) {
    Way way = way("", target);
    FileTree.Entry file = way == null ? null : tree.anyFile(way.end);
    if (file != null) {
      tree.addFile(name, file.container(), file.offset(), file.length());
    } else {
      add(name, new Link("it is a hard link to " + target, way));
    }
  }

  /** A link to what may also lie behind it in the tar, by the way from its folder on. */
  void addSymbolic(String name, String target) {
    Way own = way("", name);
    Way way = own == null ? null : way(FileTree.parent(own.end), target);
    add(name, new Link("it is a symbolic link to " + target, way));
  }

  /** A later entry of the name takes a link's place. */
  void forget(String name) {
    Way own = way("", name);
    if (own != null) {
      links.remove(own.end);
    }
  }

  /** Adds what they lead to; those that lead nowhere are left out by name. */
  void follow() {
    boolean going = true;
    while (going) {
      going = false;
      for (Iterator<Map.Entry<String, Link>> rest = links.entrySet().iterator(); rest.hasNext(); ) {
        Map.Entry<String, Link> link = rest.next();
        if (link.getValue().target == null || !waits(link.getValue().target.end)) {
          follow(link.getKey(), link.getValue());
          rest.remove();
          going = true;
        }
      }
    }
    links.forEach((name, link) -> tree.leaveOut(name, link.words + ", and that leads back to it"));
  }

  private void add(String name, Link link) {
    Way own = way("", name);
    String key = own == null ? name : own.end;
    names.add(key);
    links.put(key, link);
  }

  /** Whether a way's end is, lies behind or holds a link that is still to be followed. */
  private boolean waits(String end) {
    for (String part = end; !part.isEmpty(); part = FileTree.parent(part)) {
      if (links.containsKey(part)) {
        return true;
      }
    }
    String below = end.isEmpty() ? "" : end + "/";
    String next = links.ceilingKey(below);
    return next != null && next.startsWith(below);
  }

  private void follow(String name, Link link) {
    Way target = link.target;
    FileTree.Entry file = target == null ? null : tree.anyFile(target.end);
    if (target != null && target.left.stream().anyMatch(names::contains)) {
      tree.leaveOut(name, link.words + ", which goes back out of another link");
    } else if (file != null) {
      tree.addFile(name, file.container(), file.offset(), file.length());
    } else if (target != null && tree.hasFolder(target.end)) {
      copy(target.end + "/", name);
    } else if (target != null && tree.unreadable().containsKey(target.end)) {
      tree.leaveOut(name, link.words + ", which cannot be read");
    } else {
      tree.leaveOut(name, link.words + ", which is not in the tar");
    }
  }

  private void copy(String from, String name) {
    tree.addFolder(name);
    for (FileTree.Entry file : List.copyOf(tree.files())) {
      if (file.name().startsWith(from)) {
        String copy = name + "/" + file.name().substring(from.length());
        tree.addFile(copy, file.container(), file.offset(), file.length());
      }
    }
    Map.copyOf(tree.unreadable())
        .forEach(
            (file, reason) -> {
              if (file.startsWith(from)) {
                tree.leaveOut(name + "/" + file.substring(from.length()), reason);
              }
            });
  }

  /** Null where it leads out of the tar. */
  private static Way way(String folder, String path) {
    if (path.startsWith("/")) {
      return null;
    }
    List<String> left = new ArrayList<>();
    String at = folder;
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        if (at.isEmpty()) {
          return null;
        }
        left.add(at);
        at = FileTree.parent(at);
      } else if (!part.isEmpty() && !part.equals(".")) {
        at = at.isEmpty() ? part : at + "/" + part;
      }
    }
    return new Way(at, left);
  }
}
