package io.dropblock.spark.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.Split;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.annotation.Annotation;
import io.dropblock.spark.data.image.BrokenImageException;
import io.dropblock.spark.data.image.ImageSize;
import io.dropblock.spark.data.kind.AnnotationKind;
import io.dropblock.spark.data.kind.ClassTally;
import io.dropblock.spark.data.kind.KindTable;
import io.dropblock.spark.data.kind.PlainValue;
import io.dropblock.spark.data.shard.DatasetManifest;
import io.dropblock.spark.data.shard.ImageRecord;
import io.dropblock.spark.data.shard.Shard;
import io.dropblock.spark.data.shard.TestShards;
import io.dropblock.spark.report.DatasetTable;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kind that nobody knows is stored, counted, described and drawn as it says itself. */
class NewKindTest {
  private static final List<String> CLASSES = List.of("class0", "class1", "class2");

  @TempDir private Path folder;

  /** The classes of an image that shows several, a bit each. */
  private record Tags(int bits) implements Annotation {}

  private record TagsKind() implements AnnotationKind {
    @Override
    public String word() {
      return "tagging";
    }

    @Override
    public int leastClasses() {
      return 3;
    }

    @Override
    public boolean hasOneClassAnImage() {
      return false;
    }

    @Override
    public boolean fitsAnySize() {
      return true;
    }

    @Override
    public PrimitiveType column() {
      return Types.required(PrimitiveTypeName.BINARY).named("tags");
    }

    @Override
    public BytesInput encode(Annotation annotation) {
      return PlainValue.of(new byte[] {(byte) ((Tags) annotation).bits()});
    }

    @Override
    public Annotation decode(ColumnReader value) {
      return new Tags(value.getBinary().getBytes()[0]);
    }

    @Override
    public ClassTally tally(int classes) {
      return new TagsTally(new long[classes]);
    }

    @Override
    public KindTable table() {
      return new TagsTable();
    }

    @Override
    public int pictureSide() {
      return 100;
    }

    @Override
    public List<Integer> shown(Annotation annotation, int label) {
      return List.of(label, 0);
    }

    @Override
    public void paint(
        BufferedImage picture,
        Annotation annotation,
        double scaleX,
        double scaleY,
        List<String> classes) {
      for (int x = 0; x < picture.getWidth(); x++) {
        for (int y = 0; y < picture.getHeight(); y++) {
          picture.setRGB(x, y, 0xFF0000);
        }
      }
    }
  }

  private record TagsTally(long[] images) implements ClassTally {
    @Override
    public int add(Annotation annotation, ImageSize size) throws BrokenImageException {
      int bits = ((Tags) annotation).bits();
      if (bits >> images.length != 0) {
        throw new BrokenImageException("tags " + bits);
      }
      Arrays.setAll(images, label -> images[label] + (bits >> label & 1));
      return Integer.numberOfTrailingZeros(bits);
    }

    @Override
    public void merge(ClassTally other) {
      Arrays.setAll(images, label -> images[label] + ((TagsTally) other).images[label]);
    }

    @Override
    public List<Long> counts() {
      return Arrays.stream(images).boxed().toList();
    }
  }

  private record TagsTable() implements KindTable {
    @Override
    public String balanceTitle() {
      return "tags, balanced";
    }

    @Override
    public List<String> tables(ClassTally train, ClassTally val) {
      return List.of("tags " + train.counts() + " and " + val.counts());
    }
  }

  @Test
  void isStoredCountedDescribedAndDrawn() throws IOException {
    List<ImageRecord> records = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      records.add(
          new ImageRecord(TestImages.jpeg(50, 25, i), new Tags(i % 2 == 0 ? 2 : 6), "i" + i));
    }
    StoredShard stored = store(records);
    ShardStatistics read = read(stored);
    List<Thumbnail> thumbnails =
        read.picks.stream()
            .map(pick -> Thumbnail.read(folder(), pick, new Configuration()))
            .toList();
    assertThat(thumbnails)
        .extracting(Thumbnail::annotation)
        .hasSize(2)
        .isSubsetOf(new Tags(2), new Tags(6));
    DatasetManifest manifest =
        TestShards.manifest(stored.kind(), List.of(stored.shard()), List.of(), 3);
    ContactSheet sheet = new ContactSheet(stored.kind(), CLASSES, thumbnails);
    DatasetDescription description =
        new DatasetDescription(
            manifest, read.tally, stored.kind().tally(3), read.widths, read.heights, 1, sheet);
    assertThat(description.counts().train()).containsExactly(0L, 70L, 35L);
    assertThat(DatasetTable.lines(description))
        .contains("split        images   tags, balanced", "tags [0, 70, 35] and [0, 0, 0]");
    assertThat(sheet.draw().getRGB(8, 8 + 100 - 1)).isEqualTo(0xFFFF0000);
    assertThat(sheet.draw().getRGB(8 + 99, 8 + 50)).isEqualTo(0xFFFF0000);
    assertThat(sheet.draw().getRGB(8, 8 + 49)).isEqualTo(0xFFFFFFFF);
    assertThat(sheet.draw().getRGB(8 + 100, 8 + 99)).isEqualTo(0xFFFFFFFF);
  }

  @Test
  void isChecked() throws IOException {
    byte[] image = TestImages.jpeg(40, 20, 1);
    StoredShard stored =
        store(
            List.of(
                new ImageRecord(image, new Tags(1), "good"),
                new ImageRecord(image, new Tags(9), "bad")));
    assertThat(ShardCheck.run(folder(), stored, 3, new Configuration()).damages())
        .extracting(Damage::toString)
        .containsExactly("train-00000.parquet, record 1 (bad): tags 9");
    assertThatThrownBy(() -> read(stored))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("record 1 (bad)")
        .hasMessageEndingWith("tags 9");
  }

  private StoredShard store(List<ImageRecord> records) throws IOException {
    AnnotationKind kind = new TagsKind();
    Shard shard = TestShards.write(folder, "train-00000.parquet", kind, records, 64);
    return new StoredShard(kind, Split.TRAIN, 0, shard);
  }

  private ShardStatistics read(StoredShard stored) {
    return ShardStatistics.read(folder(), stored, 3, 2, 1, new Configuration());
  }

  private org.apache.hadoop.fs.Path folder() {
    return new org.apache.hadoop.fs.Path(folder.toString());
  }
}
