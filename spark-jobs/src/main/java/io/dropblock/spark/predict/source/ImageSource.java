package io.dropblock.spark.predict.source;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ManifestFile;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.source.files.Directory;
import io.dropblock.spark.data.source.files.FileTree;
import io.dropblock.spark.data.source.files.Tar;
import io.dropblock.spark.files.HadoopPath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Images to be predicted, listed by the driver.
 *
 * @param images how many
 * @param parts shares them out
 * @param names theirs, where they are known before they are read: none of a table or a data set
 * @param notes what people should know of what was found: a line each
 */
public record ImageSource(long images, Parts parts, Names names, List<String> notes) {
  /** What images are called, in any order. */
  @FunctionalInterface
  public interface Names {
    /** Them all. */
    Stream<String> all();
  }

  /** Changes where the images, their order or the place where they lie do: a SHA-256. */
  public String identity() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
    for (ImagePart part : parts.of(Integer.MAX_VALUE)) {
      part.identity()
          .forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Shares images out among tasks. */
  @FunctionalInterface
  public interface Parts {
    /**
     * In the order of the images.
     *
     * @param most images of a part; a block of a shard and a row group of a table are not divided
     */
    List<ImagePart> of(int most);
  }

  /**
   * What is taken of tables and data sets.
   *
   * @param split of a prepared data set; empty for both
   * @param image column of a table that holds the images; empty for the only one of bytes
   * @param name column of a table that says what an image is called; empty for its file and row
   */
  public record Choice(Optional<Split> split, Optional<String> image, Optional<String> name) {
    private void refuseColumns(Path path) {
      if (image.isPresent() || name.isPresent()) {
        throw new DataException(
            "Cannot use --column or --name-column for " + path + ": it is no Parquet table");
      }
    }

    private void refuseSplit(Path path) {
      if (split.isPresent()) {
        throw new DataException(
            "Cannot use --split for " + path + ": it is no prepared data set; leave it out");
      }
    }
  }

  /**
   * Lists them.
   *
   * @param path a folder of images, at any depth; an uncompressed tar of them; one image; a Parquet
   *     file, or a folder of them; or a prepared data set
   * @throws DataException where there are none, or they cannot be listed
   */
  public static ImageSource list(Path path, Choice choice, Configuration configuration) {
    try {
      FileSystem fileSystem = HadoopPath.fileSystem(path, configuration);
      FileStatus status = fileSystem.getFileStatus(path);
      if (status.isDirectory() && fileSystem.exists(HadoopPath.in(path, ManifestFile.NAME))) {
        choice.refuseColumns(path);
        return ofDataSet(path, choice.split(), ManifestFile.read(path, configuration));
      }
      choice.refuseSplit(path);
      if (ImageTable.isAt(fileSystem, status)) {
        return ofTable(
            ImageTable.list(
                fileSystem,
                status,
                choice.image().map(TableColumn::of),
                choice.name().map(TableColumn::of),
                configuration));
      }
      choice.refuseColumns(path);
      return ofFiles(path, tree(fileSystem, status));
    } catch (FileNotFoundException e) {
      throw new DataException(
          "Cannot list images in " + path + ": there is no such file or folder", e);
    } catch (IOException e) {
      throw new DataException("Cannot list images in " + path + ": " + DataException.reason(e), e);
    }
  }

  private static ImageSource ofTable(List<TablePart> groups) {
    return new ImageSource(
        groups.stream().mapToLong(TablePart::images).sum(),
        most -> List.copyOf(groups),
        Stream::empty,
        List.of());
  }

  private static FileTree tree(FileSystem fileSystem, FileStatus status) throws IOException {
    Path path = status.getPath();
    if (status.isDirectory()) {
      return Directory.read(fileSystem, path);
    }
    FileTree one = new FileTree(path.toString());
    one.addFile(path.getName(), path.toString(), 0, status.getLen());
    return one.files().stream().allMatch(FileTree.Entry::isImage)
        ? one
        : Tar.read(fileSystem, status);
  }

  private static ImageSource ofFiles(Path path, FileTree tree) {
    Collection<FileTree.Entry> all = tree.files();
    List<FileTree.Entry> images = all.stream().filter(FileTree.Entry::isImage).toList();
    if (images.isEmpty()) {
      throw new DataException(
          "Cannot find images in "
              + path
              + ": no file there ends in .jpg, .jpeg or .png; give a folder, a tar, an image, a"
              + " Parquet table or a prepared data set");
    }
    List<String> notes = new ArrayList<>(tree.passedOver(images::contains, "").notes());
    tree.leftOut().forEach(left -> notes.add("Left out " + left.name() + ": " + left.reason()));
    return new ImageSource(
        images.size(),
        most -> FilePart.of(images, most),
        () -> images.stream().map(FileTree.Entry::name),
        notes);
  }

  private static ImageSource ofDataSet(Path path, Optional<Split> split, DatasetManifest manifest) {
    List<Shard> shards = new ArrayList<>();
    for (Split one : Split.values()) {
      if (split.isEmpty() || split.get() == one) {
        shards.addAll(manifest.shards(one));
      }
    }
    if (shards.isEmpty()) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "Cannot find images in %s: it has none in its split %s",
              path,
              split.map(Split::word).orElse("")));
    }
    long images =
        shards.stream()
            .flatMap(shard -> shard.blocks().stream())
            .mapToLong(Integer::longValue)
            .sum();
    return new ImageSource(
        images, most -> ShardPart.of(path, manifest, shards, most), Stream::empty, List.of());
  }
}
