package io.dropblock.spark.data.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.source.ImageFile;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.folder.HoldOut;
import io.dropblock.spark.data.source.folder.ImageFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TarTest {
  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void draw() throws IOException {
    folder = TestImages.folder(temp.resolve("folder"), List.of("cat", "dog"), 3, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX})
  void equalsTheDirectoryItWasMadeOf(int longFileMode) throws IOException {
    String longName = "n".repeat(120) + ".jpg";
    Files.write(folder.resolve("train/cat/" + longName), TestImages.jpeg(8, 8, 5));
    ImageListing directory = list(folder);
    Path tar = TestTars.pack(folder, temp.resolve("set.tar"), "./set/", longFileMode);
    ImageListing packed = list(tar);
    assertThat(packed.classes()).isEqualTo(directory.classes());
    assertThat(packed.ignored()).isEqualTo(directory.ignored());
    assertSame(packed.train(), directory.train(), tar);
    assertSame(packed.val(), directory.val(), tar);
    assertThat(packed.train()).extracting(ImageFile::name).contains("train/cat/" + longName);
  }

  @Test
  void readsNamesOfAnyAlphabetAndLength() throws IOException {
    String cat = "\u732b".repeat(40);
    Path tar =
        TestTars.write(
            temp.resolve("names.tar"),
            new byte[700],
            cat + "/\u00e4 b.jpg",
            "dog/1.jpg",
            "dog/2.jpg",
            "dog/2.jpg");
    ImageListing listing = list(tar, new HoldOut(0, 0));
    assertThat(listing.classes()).containsExactly("dog", cat);
    assertThat(listing.notes())
        .containsExactly(
            "Passed over 1 file: 1 file of a name that is there again, of which the last one counts"
                + " (dog/2.jpg)");
    assertThat(listing.train())
        .extracting(ImageFile::name)
        .containsExactly("dog/1.jpg", "dog/2.jpg", cat + "/\u00e4 b.jpg");
    // The later entry of a name counts, as it does when a tar is unpacked.
    assertThat(listing.train().get(1).offset())
        .isGreaterThan(listing.train().get(0).offset() + 1536);
  }

  @Test
  void namesAnEmptyClassFolder() throws IOException {
    Files.createDirectories(folder.resolve("train/newt"));
    Path tar = pack();
    refuses(tar, "Cannot list images in " + tar + ": class folder train/newt has no images");
  }

  @Test
  void noticesACutAtEveryBlock() throws IOException {
    byte[] whole = Files.readAllBytes(pack());
    int end = lastData(whole);
    Path cut = temp.resolve("cut.tar");
    for (int length = 0; length < end; length += 512) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> list(cut))
          .isInstanceOf(DataException.class)
          .hasMessageStartingWith("Cannot read file:" + cut + " as a tar: at byte ");
    }
  }

  @Test
  void refusesWhatIsNoTar() throws IOException {
    Path text =
        Files.write(temp.resolve("text.tar"), "x".repeat(2000).getBytes(StandardCharsets.US_ASCII));
    refuses(text, "Cannot read file:" + text + " as a tar: it is none; name a folder or a tar");
    Path image = Files.write(temp.resolve("1.jpg"), TestImages.jpeg(64, 64, 1));
    refuses(
        image,
        "Cannot read file:"
            + image
            + " as a tar: it is a single JPEG image; name the folder of the data set");
    byte[] flipped = Files.readAllBytes(pack());
    flipped[3] ^= 1;
    Path broken = Files.write(temp.resolve("flipped.tar"), flipped);
    assertThatThrownBy(() -> list(broken))
        .isInstanceOf(DataException.class)
        .hasMessageMatching(
            "Cannot read .*flipped.tar as a tar: at byte 0 the header's checksum is \\d+, but .*");
  }

  @Test
  void refusesCompressedTarsUnderAnyName() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(Files.readAllBytes(pack()));
    }
    for (String name : List.of("set.tar.gz", "set.TGZ", "set2.tar")) {
      Path file = Files.write(temp.resolve(name), bytes.toByteArray());
      refuses(file, "Cannot read file:" + file + ": it is gzip-compressed, gunzip it first");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "504b0304, 'a zip, unzip it first'",
    "425a6839, 'bzip2-compressed, bunzip2 it first'",
    "fd377a585a00, 'xz-compressed, unxz it first'",
    "28b52ffd, 'zstd-compressed, unzstd it first'",
    "377abcaf271c, 'a 7z archive, unpack it first'",
    "526172211a07, 'a rar archive, unpack it first'"
  })
  void refusesOtherArchives(String begin, String reason) throws IOException {
    byte[] bytes = Arrays.copyOf(HexFormat.of().parseHex(begin), 600);
    Path file = Files.write(temp.resolve("set.tar"), bytes);
    refuses(file, "Cannot read file:" + file + ": it is " + reason);
  }

  @Test
  void refusesNamesThatLeadElsewhere() throws IOException {
    Path up = TestTars.write(temp.resolve("up.tar"), new byte[3], "a/../../b.jpg");
    refuses(up, "Cannot list file:" + up + ": 'a/../../b.jpg' leads out of it");
    Path absolute = TestTars.write(temp.resolve("absolute.tar"), new byte[3], "/etc/b.jpg");
    refuses(absolute, "Cannot list file:" + absolute + ": '/etc/b.jpg' is an absolute name");
  }

  @Test
  void doesNotTrustSizes() throws IOException {
    byte[] header = new byte[512];
    header[124] = (byte) 0x80;
    Arrays.fill(header, 128, 136, (byte) 0x7F);
    for (char type : new char[] {'0', 'L', 'x'}) {
      header[156] = (byte) type;
      Path file = Files.write(temp.resolve("huge.tar"), TestTars.withChecksum(header));
      assertThatThrownBy(() -> list(file))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("should have 9187201950435737471 bytes, but only 0 are left");
    }
    header[124] = (byte) 0xFF;
    Path negative = Files.write(temp.resolve("negative.tar"), TestTars.withChecksum(header));
    refuses(
        negative,
        "Cannot read file:" + negative + " as a tar: at byte 0 a number is too large or negative");
  }

  private static void assertSame(List<ImageFile> packed, List<ImageFile> files, Path tar)
      throws IOException {
    byte[] archive = Files.readAllBytes(tar);
    assertThat(packed).hasSameSizeAs(files);
    for (int i = 0; i < files.size(); i++) {
      ImageFile in = packed.get(i);
      assertThat(in.name()).isEqualTo(files.get(i).name());
      assertThat(in.label()).isEqualTo(files.get(i).label());
      byte[] range =
          Arrays.copyOfRange(archive, (int) in.offset(), (int) (in.offset() + in.length()));
      Path original =
          Path.of(new org.apache.hadoop.fs.Path(files.get(i).container()).toUri().getPath());
      assertThat(range).isEqualTo(Files.readAllBytes(original));
    }
  }

  private static int lastData(byte[] tar) {
    int end = tar.length;
    while (tar[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private Path pack() throws IOException {
    return TestTars.pack(folder, temp.resolve("set.tar"), "", TarArchiveOutputStream.LONGFILE_GNU);
  }

  private static void refuses(Path path, String message) {
    assertThatThrownBy(() -> list(path)).isInstanceOf(DataException.class).hasMessage(message);
  }

  private static ImageListing list(Path path) {
    return list(path, HoldOut.DEFAULT);
  }

  private static ImageListing list(Path path, HoldOut holdOut) {
    return ImageFolder.list(
        new org.apache.hadoop.fs.Path(path.toString()), new Configuration(), holdOut);
  }
}
