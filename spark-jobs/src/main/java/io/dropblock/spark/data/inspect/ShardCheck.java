package io.dropblock.spark.data.inspect;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.Image;
import io.dropblock.spark.data.image.ImageDecoder;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.kind.ClassTally;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.ShardReader;
import io.dropblock.spark.files.HadoopPath;
import io.dropblock.spark.files.WholeFile;
import io.dropblock.spark.text.Count;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;

/** Checks one shard, on an executor. Not thread-safe. */
final class ShardCheck {
  /** Damages that are told one by one; of more only the number. */
  static final int MOST_DAMAGES = 100;

  /**
   * What was found.
   *
   * @param counts of each class, as {@link ClassTally} counts
   */
  record Result(long records, List<Long> counts, List<Damage> damages) implements Serializable {}

  private final Path dataset;
  private final StoredShard stored;
  private final Shard shard;
  private final ClassTally tally;
  private final List<Damage> damages = new ArrayList<>();
  private long records;
  private long untold;

  private ShardCheck(Path dataset, StoredShard stored, int classes) {
    this.dataset = dataset;
    this.stored = stored;
    this.shard = stored.shard();
    this.tally = stored.kind().tally(classes);
  }

  static Result run(Path dataset, StoredShard stored, int classes, Configuration configuration) {
    ShardCheck check = new ShardCheck(dataset, stored, classes);
    check.readAll(configuration);
    // Where single records are named, the hash of the whole file says nothing more.
    if (check.damages.isEmpty()) {
      check.compareHash(configuration);
    }
    if (check.untold > 0) {
      check.damages.add(
          new Damage(
              stored.shard().file(), null, "damage in " + Count.of(check.untold, "more place")));
    }
    return new Result(check.records, check.tally.counts(), check.damages);
  }

  private void compareHash(Configuration configuration) {
    try {
      String hash = hash(configuration);
      if (!hash.equals(shard.sha256())) {
        add(
            null,
            String.format(
                Locale.ROOT,
                "its SHA-256 is %s, but the manifest says %s; its records can be read",
                hash,
                shard.sha256()));
      }
    } catch (IOException | FSError e) {
      // Hadoop's own checksums, of the file beside it or of HDFS, or a disk that cannot be read.
      add(null, DataException.reason(WholeFile.plain(e)));
    }
  }

  private String hash(Configuration configuration) throws IOException {
    Path path = HadoopPath.in(dataset, shard.file());
    try (InputStream in = HadoopPath.fileSystem(path, configuration).open(path)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 20];
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        digest.update(buffer, 0, length);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void readAll(Configuration configuration) {
    try (ShardReader reader = stored.open(dataset, configuration)) {
      long first = 0;
      for (int block = 0; block < shard.blocks().size(); block++) {
        readBlock(reader, block, first);
        first += shard.blocks().get(block);
      }
    } catch (DataException e) {
      boolean missing = cause(e) instanceof FileNotFoundException;
      add(null, missing ? "it is missing" : DataException.reason(cause(e)));
    }
  }

  private void readBlock(ShardReader reader, int block, long first) {
    List<ImageRecord> read;
    try {
      read = reader.block(block);
    } catch (DataException e) {
      addBlock(reader, block, first, DataException.reason(cause(e)));
      return;
    }
    for (int row = 0; row < read.size(); row++) {
      check(read.get(row), first + row);
    }
  }

  /**
   * A checksum is that of all records of a block; which of them is damaged their images may show.
   */
  private void addBlock(ShardReader reader, int block, long first, String reason) {
    List<Damage> found = new ArrayList<>();
    try {
      List<ImageRecord> suspects = reader.damagedBlock(block);
      for (int row = 0; row < suspects.size(); row++) {
        ImageRecord record = suspects.get(row);
        try {
          ImageDecoder.decode(record.bytes());
        } catch (BrokenImageException e) {
          found.add(new Damage(shard.file(), where(first + row, record), e.getMessage()));
        }
      }
    } catch (DataException e) {
      // Not even their lengths are right.
    }
    add(
        String.format(
            Locale.ROOT, "records %d to %d", first, first + shard.blocks().get(block) - 1),
        reason + (found.isEmpty() ? "; which of them is damaged cannot be told" : ""));
    found.forEach(damage -> add(damage.record(), damage.reason()));
  }

  private static String where(long number, ImageRecord record) {
    return String.format(Locale.ROOT, "record %d (%s)", number, record.name());
  }

  private void check(ImageRecord record, long number) {
    records++;
    try {
      Image image = ImageDecoder.decode(record.bytes());
      tally.add(record.annotation(), new ImageSize(image.width(), image.height()));
    } catch (BrokenImageException e) {
      add(where(number, record), e.getMessage());
    }
  }

  private void add(String record, String reason) {
    if (damages.size() < MOST_DAMAGES) {
      damages.add(new Damage(shard.file(), record, reason));
    } else {
      untold++;
    }
  }

  /** Without the file and the block, which a damage names itself. */
  private static Throwable cause(DataException e) {
    return e.getCause() == null ? e : e.getCause();
  }
}
