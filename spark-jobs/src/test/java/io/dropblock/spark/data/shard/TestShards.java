package io.dropblock.spark.data.shard;

import io.dropblock.spark.data.KeyedRandom;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.annotation.ClassLabel;
import io.dropblock.spark.data.annotation.LabelMap;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.ClassLabelKind;
import io.dropblock.spark.data.kind.LabelMapKind;
import io.dropblock.spark.data.kind.ObjectSetKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** Stored data sets made without Spark. */
public final class TestShards {
  private TestShards() {}

  /** JPEGs of 16 x 16 pixels, named by split and number, labels going round. */
  public static List<ImageRecord> records(String prefix, int count, int classes) {
    List<ImageRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] bytes = TestImages.jpeg(16, 16, KeyedRandom.hash(prefix.hashCode(), i));
      records.add(new ImageRecord(bytes, new ClassLabel(i % classes), prefix + "/" + i + ".jpg"));
    }
    return records;
  }

  /** Writes a shard and describes it. */
  public static Shard write(Path folder, String file, List<ImageRecord> records, int blockRecords)
      throws IOException {
    return write(folder, file, kind(records.get(0).annotation()), records, blockRecords);
  }

  /** The same for any kind of annotations. */
  public static Shard write(
      Path folder, String file, AnnotationKind kind, List<ImageRecord> records, int blockRecords)
      throws IOException {
    long blockBytes = PreparationSettings.DEFAULT_BLOCK_BYTES;
    return write(folder, file, kind, records, blockRecords, blockBytes);
  }

  /** The kind of an annotation. */
  public static AnnotationKind kind(Annotation annotation) {
    if (annotation instanceof ObjectSet) {
      return new ObjectSetKind();
    }
    return annotation instanceof LabelMap ? new LabelMapKind() : new ClassLabelKind();
  }

  /** The same with other bytes of a block at most. */
  static Shard write(
      Path folder, String file, List<ImageRecord> records, int blockRecords, long blockBytes)
      throws IOException {
    AnnotationKind kind = kind(records.get(0).annotation());
    return write(folder, file, kind, records, blockRecords, blockBytes);
  }

  private static Shard write(
      Path folder,
      String file,
      AnnotationKind kind,
      List<ImageRecord> records,
      int blockRecords,
      long blockBytes)
      throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder.toString(), file);
    FileSystem fileSystem = path.getFileSystem(new Configuration());
    ShardWriter writer = new ShardWriter(fileSystem, path, path, blockRecords, blockBytes, kind);
    try (writer) {
      for (ImageRecord record : records) {
        writer.write(record);
      }
    }
    return writer.describe(file);
  }

  /** A data set of blocks of 64; the shards are listed in the order of their names. */
  public static DatasetManifest manifest(List<Shard> train, List<Shard> val, int classes) {
    return manifest(new ClassLabelKind(), train, val, classes);
  }

  /** The same for any kind of annotations. */
  public static DatasetManifest manifest(
      AnnotationKind kind, List<Shard> train, List<Shard> val, int classes) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      names.add("class" + i);
    }
    PreparationSettings settings = PreparationSettings.of("test", 1).withBlockRecords(64);
    return new DatasetManifest(
        1, kind, settings, "drawn", null, names, List.of(), train, val, null, null);
  }

  /** Writes a manifest beside its shards. */
  public static void write(Path folder, DatasetManifest manifest) throws IOException {
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(folder.toString());
    ManifestFile.write(path.getFileSystem(new Configuration()), path, manifest);
  }

  /** The class of an image of a set for classification. */
  public static int label(ImageRecord record) {
    return ((ClassLabel) record.annotation()).label();
  }
}
