package io.dropblock.spark.data.source.files;

import io.dropblock.spark.data.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * Lists a folder of a local disk and all below it, links followed. Every name that the disk lists
 * is read or told: Java can open a file only where the characters of the process's locale have its
 * name, and a link may lead nowhere or round in a circle.
 */
final class LocalDirectory {
  private final org.apache.hadoop.fs.Path root;
  private final FileTree tree;
  // Where the folders from the root to this one really are.
  private final Deque<Path> chain = new ArrayDeque<>();

  private LocalDirectory(org.apache.hadoop.fs.Path root) {
    this.root = root;
    this.tree = new FileTree(root.toString());
  }

  /**
   * Lists it.
   *
   * @throws DataException where folders are nested too deep, or one of them is forbidden
   */
  static FileTree read(RawLocalFileSystem disk, org.apache.hadoop.fs.Path root) throws IOException {
    LocalDirectory directory = new LocalDirectory(root);
    directory.walk(disk.pathToFile(root).toPath(), root, "");
    return directory.tree;
  }

  private void walk(Path folder, org.apache.hadoop.fs.Path path, String name) throws IOException {
    Directory.checkDepth(root, name, chain.size());
    chain.push(folder.toRealPath());
    for (Path child : children(folder, name)) {
      String simple = child.getFileName().toString();
      String full = name.isEmpty() ? simple : name + "/" + simple;
      if (!isWritten(child)) {
        RawName raw = rawName(child);
        tree.leaveOut((name.isEmpty() ? "" : name + "/") + raw.text(), unwritten(raw));
        continue;
      }
      // Not HadoopPath.in(path, simple), which takes a colon for the end of a scheme.
      org.apache.hadoop.fs.Path childPath =
          new org.apache.hadoop.fs.Path(path, new org.apache.hadoop.fs.Path(null, null, simple));
      if (Clutter.is(simple)) {
        tree.addFolder(full);
      } else {
        add(child, childPath, full);
      }
    }
    chain.pop();
  }

  private void add(Path child, org.apache.hadoop.fs.Path path, String name) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(child, BasicFileAttributes.class);
    } catch (AccessDeniedException e) {
      throw forbidden(name, e);
    } catch (FileSystemException e) {
      tree.leaveOut(name, unreachable(child, e));
      return;
    }
    if (attributes.isRegularFile()) {
      tree.addFile(name, path.toString(), 0, attributes.size());
    } else if (!attributes.isDirectory()) {
      tree.leaveOut(name, "it is a pipe, a socket or a device, no file");
    } else if (leadsBack(child)) {
      tree.leaveOut(name, "it is a link to a folder that it lies in itself, " + target(child));
    } else {
      tree.addFolder(name);
      walk(child, path, name);
    }
  }

  private List<Path> children(Path folder, String name) throws IOException {
    List<Path> children = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(children::add);
    } catch (AccessDeniedException e) {
      throw forbidden(name, e);
    }
    Collections.sort(children);
    return children;
  }

  private boolean leadsBack(Path folder) throws IOException {
    if (!Files.isSymbolicLink(folder)) {
      return false;
    }
    Path real = folder.toRealPath();
    return chain.stream().anyMatch(above -> above.startsWith(real));
  }

  private static String unreachable(Path child, FileSystemException e) throws IOException {
    if (!Files.isSymbolicLink(child)) {
      return DataException.reason(e);
    }
    String link = "it is a symbolic link to " + target(child);
    return e instanceof NoSuchFileException
        ? link + ", which is not there"
        : link + ": " + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason());
  }

  private static String target(Path link) throws IOException {
    return Files.readSymbolicLink(link).toString();
  }

  private DataException forbidden(String name, AccessDeniedException e) {
    return new DataException(
        "Cannot list " + root + ": permission denied on " + (name.isEmpty() ? "it" : name), e);
  }

  /** Whether Java's path of the name's characters leads back to the name. */
  private static boolean isWritten(Path child) {
    try {
      return Path.of(child.toString()).equals(child);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static String unwritten(RawName name) {
    return name.isUtf8()
        ? "this process cannot open files of such names, as its locale has no characters for"
            + " them but "
            + System.getProperty("sun.jnu.encoding")
            + ": run it in a UTF-8 locale, such as LC_ALL=C.UTF-8"
        : "its name is not UTF-8: rename it";
  }

  /** The bytes of a name; a path has them in its URI only. */
  private static RawName rawName(Path child) {
    String uri = child.toUri().getRawPath();
    String last = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    last = last.substring(last.lastIndexOf('/') + 1);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < last.length(); i++) {
      if (last.charAt(i) == '%') {
        bytes.write(Integer.parseInt(last.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(last.charAt(i));
      }
    }
    return RawName.of(bytes.toByteArray(), 0, bytes.size());
  }
}
