package io.dropblock.spark.data.source.tfrecord;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.LocalSpark;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.LeftOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageRecordsTest {
  private static final byte[] IMAGE = TestImages.jpeg(16, 16, 1);

  private static final Configuration CONFIGURATION = new Configuration();

  private static JavaSparkContext spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(2);
  }

  @AfterAll
  static void stop() {
    spark.close();
  }

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(folder.resolve("train"));
    Files.createDirectories(folder.resolve("validation"));
    write("train/train-00000-of-00002", record(3, "n00000033"), record(1, "n00000011"));
    write("train/train-00001-of-00002", record(1, "n00000011"));
    write("validation/validation-00000-of-00001", record(3, "n00000033"));
  }

  @Test
  void findsEveryImageWhereItLies() throws IOException {
    ImageListing listing = list();
    // Label 2 occurs in no record.
    assertThat(listing.classes()).containsExactly("n00000011", "class-0002", "n00000033");
    assertThat(listing.train())
        .extracting(ImageFile::name)
        .containsExactly(
            "train/train-00000-of-00002/00000/n00000033_1.JPEG",
            "train/train-00000-of-00002/00001/n00000011_1.JPEG",
            "train/train-00001-of-00002/00000/n00000011_1.JPEG");
    assertThat(listing.train()).extracting(ImageFile::label).containsExactly(2, 0, 0);
    assertThat(listing.val()).extracting(ImageFile::label).containsExactly(2);
    assertThat(listing.ignored()).isZero();
    for (ImageFile file : listing.train()) {
      byte[] whole =
          Files.readAllBytes(
              Path.of(new org.apache.hadoop.fs.Path(file.container()).toUri().getPath()));
      assertThat(
              Arrays.copyOfRange(whole, (int) file.offset(), (int) (file.offset() + file.length())))
          .isEqualTo(IMAGE);
    }
  }

  @Test
  void readsFilesOfAnotherWriter() throws IOException {
    // Records "abc" and "", framed in Python with the CRC-32C of crcmod 1.7.
    Path file =
        Files.write(
            folder.resolve("other"),
            HexFormat.of()
                .parseHex(
                    "0300000000000000b099490e6162636e57f121" + "000000000000000029039807d8ea82a2"));
    List<String> records = new java.util.ArrayList<>();
    FileSystem files = FileSystem.getLocal(new Configuration());
    TfRecordFile.read(
        files,
        files.getFileStatus(new org.apache.hadoop.fs.Path(file.toString())),
        new TfRecordFile.Visitor() {
          @Override
          public void record(int number, long offset, ByteBuffer data) {
            String text = java.nio.charset.StandardCharsets.US_ASCII.decode(data).toString();
            records.add(number + " " + offset + " " + text);
          }

          @Override
          public void damaged(int number, String reason) {
            records.add(number + " " + reason);
          }
        });
    assertThat(records).containsExactly("0 12 abc", "1 31 ");
  }

  @Test
  void noticesEveryCutWithinARecord() throws IOException {
    Path file = folder.resolve("train/train-00000-of-00002");
    byte[] whole = Files.readAllBytes(file);
    int first = TestRecords.file(List.of(record(3, "n00000033"))).length;
    for (int length = 0; length < whole.length; length += length < 40 ? 1 : 13) {
      if (length != first) {
        Files.write(file, Arrays.copyOf(whole, length));
        assertThatThrownBy(() -> shard(file))
            .as("cut to %d", length)
            .isInstanceOf(DataException.class)
            .hasMessageStartingWith("Cannot read file:" + file + ": ");
      }
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    refuses(
        String.format(
            Locale.ROOT,
            "Cannot read file:%s: record 1: it should have %d bytes, but only %d are left, cut short",
            file,
            whole.length - first - 16,
            whole.length - first - 17));
    Files.write(file, Arrays.copyOf(whole, first + 5));
    refuses("Cannot read file:" + file + ": record 1: its last 5 bytes are cut short");
    Files.write(file, new byte[0]);
    refuses("Cannot read file:" + file + ": it has no records");
  }

  @Test
  void noticesEveryFlippedBit() throws IOException {
    Path file = folder.resolve("train/train-00001-of-00002");
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < whole.length; i++) {
      byte[] flipped = whole.clone();
      flipped[i] ^= (byte) (1 << i % 8);
      Files.write(file, flipped);
      if (i < 12) {
        assertThatThrownBy(() -> shard(file))
            .as("byte %d", i)
            .isInstanceOf(DataException.class)
            .hasMessageContaining("record 0: its length has");
      } else {
        RecordShard.Images images = shard(file);
        assertThat(images.files()).as("byte %d", i).isEmpty();
        assertThat(images.leftOut()).as("byte %d", i).hasSize(1);
      }
    }
  }

  @Test
  void leavesOutARecordWhoseDataAreDamagedAndReadsTheOthers() throws IOException {
    Path file = folder.resolve("train/train-00000-of-00002");
    List<ImageFile> whole = list().train();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 100] ^= 1;
    Files.write(file, bytes);
    ImageListing listing = list();
    assertThat(listing.leftOut())
        .containsExactly(
            new LeftOut("train/train-00000-of-00002/00001", "its data have a wrong checksum"));
    assertThat(listing.train()).containsExactly(whole.get(0), whole.get(2));
  }

  @Test
  void doesNotTrustLengths() throws IOException {
    Path file = folder.resolve("train/train-00001-of-00002");
    for (long length : new long[] {-1, Long.MIN_VALUE, 1L << 40, Integer.MAX_VALUE}) {
      byte[] header = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
      byte[] bytes = Arrays.copyOf(header, 100);
      System.arraycopy(TestRecords.checksum(header), 0, bytes, 8, 4);
      Files.write(file, bytes);
      refuses(
          String.format(
              Locale.ROOT,
              "Cannot read file:%s: record 0: it should have %s bytes, more than 268435456",
              file,
              Long.toUnsignedString(length)));
    }
  }

  @Test
  void refusesLabelsThatAreNone() throws IOException {
    for (long label : new long[] {0, -1, 1001, Long.MAX_VALUE}) {
      write("train/train-00001-of-00002", record(1, "n00000011"), record(label, "n00000011"));
      refuses(
          String.format(
              Locale.ROOT,
              "Cannot read %s: record 1: its image/class/label is %d, not 1 to 1000",
              file("train/train-00001-of-00002"),
              label));
    }
    write("train/train-00001-of-00002", TestRecords.example().with("image/encoded", IMAGE).bytes());
    refuses(
        "Cannot read "
            + file("train/train-00001-of-00002")
            + ": record 0: it has no image/class/label");
    write("train/train-00001-of-00002", TestRecords.example().with("image/class/label", 1).bytes());
    refuses(
        "Cannot read "
            + file("train/train-00001-of-00002")
            + ": record 0: it has no image/encoded");
    write("validation/validation-00000-of-00001", record(4, "n00000044"));
    write("train/train-00001-of-00002", record(1, "n00000011"));
    refuses(
        "Cannot list TFRecords in "
            + folder
            + ": val/validation-00000-of-00001/00000/n00000044_1.JPEG has the label 4, but train ends at 3");
  }

  @Test
  void refusesSynsetsThatDisagree() throws IOException {
    write("train/train-00001-of-00002", record(1, "n00000011"), record(1, "n00000099"));
    refuses(
        "Cannot read "
            + file("train/train-00001-of-00002")
            + ": record 1: its label 1 is n00000099, but that of a record before is n00000011");
    write("train/train-00001-of-00002", record(1, "n00000099"));
    refuses(
        "Cannot read "
            + file("train/train-00001-of-00002")
            + ": its label 1 is n00000099, but that of a file before is n00000011");
    write("train/train-00001-of-00002", record(1, "../dog"));
    refuses(
        "Cannot read "
            + file("train/train-00001-of-00002")
            + ": record 0: its image/class/synset is '../dog', not a synset");
  }

  @Test
  void takesOnlyTheLastPartOfAFileName() throws IOException {
    write(
        "train/train-00001-of-00002",
        TestRecords.imageNet(IMAGE, 1, "n00000011", "../../etc/pass\nwd").bytes());
    assertThat(list().train().get(2).name()).isEqualTo("train/train-00001-of-00002/00000/pass_wd");
  }

  @Test
  void namesAMissingFile() throws IOException {
    Files.move(folder.resolve("train/train-00000-of-00002"), folder.resolve("gone"));
    refuses("Cannot list TFRecords in " + folder + ": train-00000-of-00002 is missing");
    Files.move(folder.resolve("gone"), folder.resolve("train-00001-of-00002"));
    refuses(
        "Cannot list TFRecords in "
            + folder
            + ": there are both train-00001-of-00002 and train/train-00001-of-00002");
    Files.move(folder.resolve("train-00001-of-00002"), folder.resolve("train-00000-of-00003"));
    refuses("Cannot list TFRecords in " + folder + ": there are parts of 3 and of 2");
    Files.delete(folder.resolve("train-00000-of-00003"));
    Files.delete(folder.resolve("train/train-00001-of-00002"));
    refuses("Cannot list TFRecords in " + folder + ": there is no train-00000-of-...");
  }

  @Test
  void refusesCompressedFiles() throws IOException {
    Path file = folder.resolve("train/train-00001-of-00002");
    byte[] bytes = new byte[50];
    bytes[0] = 0x1F;
    bytes[1] = (byte) 0x8B;
    Files.write(file, bytes);
    refuses("Cannot read file:" + file + ": it is gzip-compressed, gunzip it first");
  }

  private static byte[] record(long label, String synset) {
    return TestRecords.imageNet(IMAGE, label, synset, synset + "_1.JPEG").bytes();
  }

  private void write(String name, byte[]... records) throws IOException {
    Files.write(folder.resolve(name), TestRecords.file(List.of(records)));
  }

  private String file(String name) {
    return "file:" + folder.resolve(name);
  }

  private static RecordShard.Images shard(Path file) throws IOException {
    return new RecordShard("file:" + file, Split.TRAIN, RecordForm.IMAGENET, 1000)
        .images(CONFIGURATION);
  }

  private void refuses(String message) {
    assertThatThrownBy(this::list).isInstanceOf(DataException.class).hasMessage(message);
  }

  private ImageListing list() {
    return ImageRecords.list(spark, new org.apache.hadoop.fs.Path(folder.toString()));
  }
}
