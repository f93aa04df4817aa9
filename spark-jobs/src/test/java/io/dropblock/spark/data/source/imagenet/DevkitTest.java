package io.dropblock.spark.data.source.imagenet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.source.files.TestTars;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Struct;

class DevkitTest {
  private static final String TRUTH = "data/ILSVRC2012_validation_ground_truth.txt";

  @TempDir Path temp;

  @Test
  void translatesTheGroundTruth() throws IOException {
    Path archive = archive(TestIlsvrc.meta(), TestIlsvrc.groundTruth());
    ValidationLabels labels = read(archive);
    assertThat(labels.synsets()).isEqualTo(TestIlsvrc.LABELS);
    // Not the group of classes.
    assertThat(labels.classes()).containsExactlyInAnyOrderElementsOf(TestIlsvrc.SYNSETS);
  }

  @Test
  void readsNumbersAsMatlabStoresThem() throws IOException {
    // Whole doubles are written as bytes within their tag (MAT-file format, "small data element").
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.write(header());
    byte[] element = structure(3, "n00000011");
    plain.write(element);
    assertThat(SynsetTable.read("kit", plain.toByteArray()))
        .containsExactly(Map.entry(3, "n00000011"));

    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.write(header());
    byte[] deflated = deflate(element);
    packed.write(ints(15, deflated.length));
    packed.write(deflated);
    assertThat(SynsetTable.read("kit", packed.toByteArray()))
        .containsExactly(Map.entry(3, "n00000011"));
  }

  @Test
  void refusesLabelsThatAreNoClass() throws IOException {
    for (String line : new String[] {"4", "0", "n1", "-1", "99999999999"}) {
      Path archive =
          archive(TestIlsvrc.meta(), ("1\n" + line + "\n3\n").getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(() -> read(archive))
          .isInstanceOf(DataException.class)
          .hasMessage(
              String.format(
                  Locale.ROOT,
                  "Cannot read devkit %s: line 2 of ILSVRC2012_validation_ground_truth.txt is '%s', not the number of one of 3 classes",
                  archive,
                  line));
    }
  }

  @Test
  void namesAMissingFile() throws IOException {
    Path empty = Files.createDirectories(temp.resolve("kit"));
    refuses(empty, "Cannot read devkit " + empty + ": it has no data/meta.mat");
    Files.write(empty.resolve("meta.mat"), TestIlsvrc.meta());
    refuses(empty, "Cannot read devkit " + empty + ": it has no " + TRUTH);
    Path absent = temp.resolve("absent");
    refuses(absent, "Cannot read devkit " + absent + ": there is no such file");
  }

  @Test
  void refusesArchivesThatAreCutOrNone() throws IOException {
    byte[] whole = Files.readAllBytes(archive(TestIlsvrc.meta(), TestIlsvrc.groundTruth()));
    Path cut = temp.resolve("cut.tar.gz");
    for (int length = 0; length < whole.length - 40; length += 7) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> read(cut))
          .as("cut to %d", length)
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("Cannot read ")
          .hasMessageContaining("devkit " + cut);
    }
    Files.write(cut, new byte[600]);
    refuses(cut, "Cannot read devkit " + cut + ": Not in GZIP format");
  }

  @Test
  void refusesOtherMatlabFiles() throws IOException {
    refusesMeta(new byte[0], "it is no MATLAB 5 file");
    refusesMeta(new byte[1000], "it is no MATLAB 5 file");
    refusesMeta(TestIlsvrc.mat("other", Mat5.newStruct(2, 1)), "there is no struct synsets");
    refusesMeta(TestIlsvrc.mat("synsets", Mat5.newScalar(1)), "there is no struct synsets");
    refusesMeta(TestIlsvrc.mat("synsets", Mat5.newStruct(2, 1)), "");
    Struct twice = Mat5.newStruct(2, 1);
    for (int i = 0; i < 2; i++) {
      twice.set("ILSVRC2012_ID", i, Mat5.newScalar(1 + i));
      twice.set("WNID", i, Mat5.newString("n00000011"));
      twice.set("num_children", i, Mat5.newScalar(0));
    }
    refusesMeta(TestIlsvrc.mat("synsets", twice), "n00000011 or its number 2 is there twice");
    twice.set("ILSVRC2012_ID", 0, Mat5.newScalar(1.5));
    refusesMeta(TestIlsvrc.mat("synsets", twice), "ILSVRC2012_ID of element 1 is 1.5");
    twice.set("ILSVRC2012_ID", 0, Mat5.newScalar(1));
    twice.set("WNID", 0, Mat5.newString("../../etc"));
    refusesMeta(TestIlsvrc.mat("synsets", twice), "WNID of element 1 is no synset");
  }

  @Test
  void doesNotTrustSizes() throws IOException {
    byte[] whole = structureFile();
    ByteBuffer words = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    // The length of the variable, and its first dimension.
    words.putInt(132, Integer.MAX_VALUE);
    refusesMeta(whole, "an element has 2147483647 bytes where");
    words.putInt(132, whole.length - 136).putInt(160, Integer.MAX_VALUE);
    refusesMeta(whole, "it ends within an element");
    words.putInt(160, -1);
    refusesMeta(whole, "a variable has a dimension of -1");

    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    bomb.write(header());
    byte[] deflated = deflate(new byte[64 << 20]);
    bomb.write(ints(15, deflated.length));
    bomb.write(deflated);
    refusesMeta(bomb.toByteArray(), "a variable has more than 16777216 bytes");
  }

  @Test
  void survivesAnyDamage() throws IOException {
    byte[] whole = structureFile();
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 20_000; trial++) {
      byte[] damaged = Arrays.copyOf(whole, trial < whole.length ? trial : whole.length);
      for (int i = 0; trial >= whole.length && i < 3; i++) {
        damaged[random.nextInt(whole.length)] = (byte) random.nextInt();
      }
      try {
        SynsetTable.read("kit", damaged);
      } catch (DataException e) {
        assertThat(e).hasMessageStartingWith("Cannot read meta.mat of devkit kit: ");
      }
    }
  }

  private static byte[] deflate(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] structureFile() throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.write(header());
    plain.write(structure(3, "n00000011"));
    return plain.toByteArray();
  }

  private static byte[] header() {
    byte[] header = new byte[128];
    Arrays.fill(header, 0, 116, (byte) ' ');
    ByteBuffer.wrap(header)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putShort(124, (short) 0x0100)
        .putShort(126, (short) 0x4D49);
    return header;
  }

  /** A struct array of one element, written after the format's description. */
  private static byte[] structure(int id, String wnid) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(ints(6, 8, 2, 0));
    body.write(ints(5, 8, 1, 1));
    body.write(ints(1, 7));
    body.write("synsets\0".getBytes(StandardCharsets.US_ASCII));
    body.write(ints(4 << 16 | 5, 16));
    body.write(ints(1, 48));
    for (String name : new String[] {"ILSVRC2012_ID", "WNID", "num_children"}) {
      body.write(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 16));
    }
    body.write(number(id));
    body.write(text(wnid));
    body.write(number(0));
    ByteArrayOutputStream element = new ByteArrayOutputStream();
    element.write(ints(14, body.size()));
    element.write(body.toByteArray());
    return element.toByteArray();
  }

  private static byte[] number(int value) {
    // A double whose data are one byte in the tag: type 2 (unsigned byte), 1 byte.
    return ints(14, 48, 6, 8, 6, 0, 5, 8, 1, 1, 1, 0, 1 << 16 | 2, value);
  }

  private static byte[] text(String value) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(
        ints(14, 40 + 24 + 8, 6, 8, 4, 0, 5, 8, 1, value.length(), 1, 0, 4, 2 * value.length()));
    out.write(Arrays.copyOf(value.getBytes(StandardCharsets.UTF_16LE), 24));
    return out.toByteArray();
  }

  private static byte[] ints(int... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      buffer.putInt(value);
    }
    return buffer.array();
  }

  private Path archive(byte[] meta, byte[] groundTruth) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("ILSVRC2012_devkit_t12/readme.txt", new byte[50]);
    entries.put("ILSVRC2012_devkit_t12/data/meta.mat", meta);
    entries.put("ILSVRC2012_devkit_t12/" + TRUTH, groundTruth);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(TestTars.bytes(entries));
    }
    return Files.write(temp.resolve("devkit.tar.gz"), bytes.toByteArray());
  }

  private static void refusesMeta(byte[] meta, String reason) {
    assertThatThrownBy(() -> SynsetTable.read("kit", meta))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("Cannot read meta.mat of devkit kit: " + reason);
  }

  private static void refuses(Path devkit, String message) {
    assertThatThrownBy(() -> read(devkit)).isInstanceOf(DataException.class).hasMessage(message);
  }

  private static ValidationLabels read(Path devkit) {
    return ValidationLabels.ofDevkit(
        new org.apache.hadoop.fs.Path(devkit.toString()), new Configuration());
  }
}
