package io.dropblock.spark.files;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder beside an output that everything is written to first, {@code .NAME.unfinished}, by one
 * process at a time. It becomes the output, or a file in it does. What is left of it stays when it
 * is closed, for a run that goes on with it, unless it is discarded before; folders that were made
 * above it go where they are empty.
 */
public final class UnfinishedFolder implements AutoCloseable {
  private final FileSystem fileSystem;
  private final Path out;
  private final Path path;
  private final Path lowestExisting;
  private final FolderLock lock;

  private UnfinishedFolder(
      FileSystem fileSystem, Path out, Path path, Path lowestExisting, FolderLock lock) {
    this.fileSystem = fileSystem;
    this.out = out;
    this.path = path;
    this.lowestExisting = lowestExisting;
    this.lock = lock;
  }

  /**
   * Opens the folder, with what an earlier run left in it, which also proves that the output can be
   * written.
   *
   * @param out the output, which must not exist
   * @param what this process does there, one word such as "prepare"
   * @throws IOException where the output exists or cannot be written, or another process writes it;
   *     the message is the reason behind "Cannot ...: "
   */
  public static UnfinishedFolder open(FileSystem fileSystem, Path out, String what)
      throws IOException {
    Path target = fileSystem.makeQualified(out);
    requireFree(fileSystem, target);
    Path above = target.getParent();
    Path lowestExisting = above;
    while (!fileSystem.exists(lowestExisting) && !lowestExisting.isRoot()) {
      lowestExisting = lowestExisting.getParent();
    }
    Path path = HadoopPath.in(above, "." + target.getName() + ".unfinished");
    FolderLock lock;
    try {
      lock =
          FolderLock.take(fileSystem, HadoopPath.in(above, "." + target.getName() + ".lock"), what);
    } catch (IOException | RuntimeException e) {
      deleteEmpty(fileSystem, above, lowestExisting, e);
      throw e;
    }
    UnfinishedFolder folder = new UnfinishedFolder(fileSystem, target, path, lowestExisting, lock);
    try {
      // Whoever had the lock before may have finished it.
      requireFree(fileSystem, target);
      if (!fileSystem.mkdirs(path)) {
        throw new IOException("cannot make the folder " + path);
      }
      return folder;
    } catch (IOException | RuntimeException e) {
      lock.close();
      deleteEmpty(fileSystem, above, lowestExisting, e);
      throw e;
    }
  }

  /**
   * Looks whether the output can be there; writes nothing.
   *
   * @throws IOException where it exists, or is the root
   */
  public static void requireFree(FileSystem fileSystem, Path out) throws IOException {
    if (fileSystem.makeQualified(out).isRoot()) {
      throw new IOException("it is the root folder");
    }
    if (fileSystem.exists(out)) {
      throw new IOException("it exists already");
    }
  }

  /** Of the folder and the output. */
  public FileSystem fileSystem() {
    return fileSystem;
  }

  /** The folder. */
  public Path path() {
    return path;
  }

  /** The output. */
  public Path out() {
    return out;
  }

  /** Deletes it with all that is in it. */
  public void discard() throws IOException {
    fileSystem.delete(path, true);
  }

  /**
   * Makes sure that this process alone still writes here.
   *
   * @throws IOException where another one has taken over
   */
  public void check() throws IOException {
    lock.check();
  }

  /**
   * Makes this folder, or something in it, the output.
   *
   * @param whole the folder's path, or that of a file in it, beside which nothing else is left
   */
  public void publish(Path whole) throws IOException {
    lock.check();
    // Hadoop moves a folder into an existing one without complaint.
    requireFree(fileSystem, out);
    if (!fileSystem.rename(whole, out)) {
      throw new IOException("cannot rename " + whole);
    }
    discard();
  }

  @Override
  public void close() throws IOException {
    lock.close();
    deleteEmpty(fileSystem, out.getParent(), lowestExisting);
  }

  private static void deleteEmpty(
      FileSystem fileSystem, Path from, Path lowestExisting, Exception failure) {
    try {
      deleteEmpty(fileSystem, from, lowestExisting);
    } catch (IOException more) {
      failure.addSuppressed(more);
    }
  }

  /** Folders that were made for the output go, unless they hold it or anything else. */
  private static void deleteEmpty(FileSystem fileSystem, Path from, Path lowestExisting)
      throws IOException {
    Path folder = from;
    while (!folder.equals(lowestExisting)
        && fileSystem.exists(folder)
        && fileSystem.listStatus(folder).length == 0) {
      fileSystem.delete(folder, false);
      folder = folder.getParent();
    }
  }
}
