package io.dropblock.spark.predict.source;

import io.dropblock.spark.data.DataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;

/** A Parquet table with a column of encoded images: a file, or a folder as Spark writes it. */
final class ImageTable {
  private ImageTable() {}

  /** Whether a path is one, by the ending of its name, or of one that lies in it. */
  static boolean isAt(FileSystem files, FileStatus status) throws IOException {
    return status.isFile()
        ? isTable(status.getPath())
        : Arrays.stream(files.listStatus(status.getPath()))
            .anyMatch(child -> child.isFile() && isTable(child.getPath()));
  }

  /** Names with a dot or a line at their start are not data, as in Spark. */
  private static boolean isTable(Path path) {
    String name = path.getName();
    return name.endsWith(".parquet") && !name.startsWith(".") && !name.startsWith("_");
  }

  /**
   * Lists its row groups, in the order of the files' names.
   *
   * @param image the column of encoded images; empty for the only one of bytes
   * @param name the column that says what an image is called; empty for file and row
   * @throws DataException where there is no such column
   */
  static List<TablePart> list(
      FileSystem files,
      FileStatus status,
      Optional<TableColumn> image,
      Optional<TableColumn> name,
      Configuration configuration)
      throws IOException {
    List<TablePart> parts = new ArrayList<>();
    for (FileStatus file : files(files, status)) {
      ParquetMetadata footer = footer(file, configuration);
      MessageType schema = footer.getFileMetaData().getSchema();
      TableColumn column = image.orElseGet(() -> only(schema, file.getPath()));
      column.require(schema, true, file.getPath());
      name.ifPresent(it -> it.require(schema, false, file.getPath()));
      MessageType read = column.of(schema);
      String projection = (name.isEmpty() ? read : read.union(name.get().of(schema))).toString();
      long first = 0;
      for (BlockMetaData block : footer.getBlocks()) {
        parts.add(
            new TablePart(
                file.getPath().toString(),
                block.getStartingPos(),
                block.getCompressedSize(),
                first,
                block.getRowCount(),
                column,
                name.orElse(null),
                projection));
        first += block.getRowCount();
      }
    }
    return parts;
  }

  private static ParquetMetadata footer(FileStatus file, Configuration configuration)
      throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(file, configuration))) {
      return reader.getFooter();
    } catch (RuntimeException e) {
      throw new DataException(
          "Cannot read Parquet file " + file.getPath() + ": " + DataException.reason(e), e);
    }
  }

  private static List<FileStatus> files(FileSystem files, FileStatus status) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    if (status.isFile()) {
      found.add(status);
    } else {
      RemoteIterator<LocatedFileStatus> all = files.listFiles(status.getPath(), true);
      while (all.hasNext()) {
        LocatedFileStatus file = all.next();
        if (isTable(file.getPath())) {
          found.add(file);
        }
      }
    }
    found.sort(Comparator.comparing(FileStatus::getPath));
    return found;
  }

  private static TableColumn only(MessageType schema, Path file) {
    List<TableColumn> columns = TableColumn.ofBytes(schema);
    if (columns.size() != 1) {
      throw new DataException(
          "Cannot tell which column of "
              + file
              + " holds the images: "
              + (columns.isEmpty() ? "none is of bytes" : columns + " are of bytes")
              + "; name it by --column");
    }
    return columns.get(0);
  }
}
