package io.dropblock.spark.data.source.files;

import static io.dropblock.spark.data.source.files.TestTars.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
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
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every entry of a tar is read or told. */
class TarEntriesTest {
  private static final byte[] NONE = new byte[0];
  private static final byte[] CAT = entry('0', "cat/1.jpg", "", data(600));
  private static final byte[] DOG = entry('0', "dog/1.jpg", "", data(700));

  @TempDir Path folder;

  @Test
  void readsATarBehindATar() throws IOException {
    Path first = tar(CAT, entry('0', "cat/2.jpg", "", data(5)));
    byte[] one = Files.readAllBytes(first);
    byte[] two = Files.readAllBytes(tar(DOG));
    for (int zeros : new int[] {0, 512, 10240}) {
      Path both = Files.write(folder.resolve("both.tar"), concat(one, new byte[zeros], two));
      assertThat(names(list(both))).containsExactly("cat/1.jpg", "cat/2.jpg", "dog/1.jpg");
      ImageFile dog = list(both).train().get(2);
      byte[] bytes = Files.readAllBytes(both);
      assertThat(Arrays.copyOfRange(bytes, (int) dog.offset(), (int) dog.offset() + 700))
          .isEqualTo(data(700));
    }
    Path cut = Files.write(folder.resolve("cut.tar"), concat(one, Arrays.copyOf(two, 1024)));
    assertThatThrownBy(() -> list(cut))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("'dog/1.jpg' should have 700 bytes, but only 512 are left");
  }

  @Test
  void namesWhatLiesBehindTheEndAndIsNoTar() throws IOException {
    byte[] one = Files.readAllBytes(tar(CAT, DOG));
    Path tar = folder.resolve("t.tar");
    for (int length : new int[] {3, 512, 2000}) {
      byte[] rest = new byte[length];
      rest[length - 1] = 1;
      int blocks = (length - 1) / 512 * 512;
      Files.write(tar, concat(one, rest));
      assertThat(leftOut(list(tar)))
          .containsExactly(
              (length - blocks)
                  + " bytes at byte "
                  + (one.length + blocks)
                  + ", behind the end mark: they are no tar: cut them off, or pack all files into"
                  + " one tar");
    }
    Files.write(tar, concat(one, new byte[700]));
    assertThat(list(tar).leftOut()).isEmpty();
  }

  @Test
  void resolvesHardLinks() throws IOException {
    ImageListing listing =
        list(
            tar(
                CAT,
                DOG,
                entry('1', "dog/2.jpg", "./cat/1.jpg", NONE),
                entry('1', "dog/3.jpg", "cat/9.jpg", NONE),
                // With a body, and with a size but no body, as some write them.
                entry('1', "dog/4.jpg", "dog/1.jpg", data(700)),
                withSize(entry('1', "dog/5.jpg", "dog/1.jpg", NONE), 700)));
    assertThat(names(listing))
        .containsExactly("cat/1.jpg", "dog/1.jpg", "dog/2.jpg", "dog/4.jpg", "dog/5.jpg");
    assertThat(at(listing, "dog/2.jpg").offset()).isEqualTo(at(listing, "cat/1.jpg").offset());
    assertThat(at(listing, "dog/2.jpg").length()).isEqualTo(600);
    assertThat(at(listing, "dog/5.jpg").offset()).isEqualTo(at(listing, "dog/1.jpg").offset());
    assertThat(leftOut(listing))
        .containsExactly("dog/3.jpg: it is a hard link to cat/9.jpg, which is not in the tar");
  }

  @Test
  void resolvesSymbolicLinks() throws IOException {
    ImageListing listing =
        list(
            tar(
                entry('2', "cat/3.jpg", "../dog/2.jpg", NONE),
                entry('2', "dog/2.jpg", "../.store/a", NONE),
                entry('2', "newt", "more/newts/", NONE),
                entry('2', "owl", "newt", NONE),
                CAT,
                DOG,
                entry('0', ".store/a", "", data(9)),
                entry('0', "more/newts/1.jpg", "", data(8)),
                entry('2', "more/newts/2.jpg", "1.jpg", NONE)));
    assertThat(names(listing))
        .containsExactly(
            "cat/1.jpg",
            "cat/3.jpg",
            "dog/1.jpg",
            "dog/2.jpg",
            "more/newts/1.jpg",
            "more/newts/2.jpg",
            "newt/1.jpg",
            "newt/2.jpg",
            "owl/1.jpg",
            "owl/2.jpg");
    assertThat(at(listing, "cat/3.jpg").length()).isEqualTo(9);
    assertThat(at(listing, "owl/2.jpg").length()).isEqualTo(8);
    assertThat(listing.leftOut()).isEmpty();
  }

  @Test
  void namesSymbolicLinksThatLeadNowhere() throws IOException {
    ImageListing listing =
        list(
            tar(
                CAT,
                DOG,
                entry('2', "cat/2.jpg", "9.jpg", NONE),
                entry('2', "cat/3.jpg", "/data/3.jpg", NONE),
                entry('2', "cat/4.jpg", "../../4.jpg", NONE),
                entry('2', "cat/5.jpg", "6.jpg", NONE),
                entry('2', "cat/6.jpg", "5.jpg", NONE),
                entry('2', "cat/all", "..", NONE),
                entry('2', "elk", "dog", NONE),
                entry('2', "dog/7.jpg", "../elk/../cat/1.jpg", NONE)));
    assertThat(leftOut(listing))
        .containsExactlyInAnyOrder(
            "cat/2.jpg: it is a symbolic link to 9.jpg, which is not in the tar",
            "cat/3.jpg: it is a symbolic link to /data/3.jpg, which is not in the tar",
            "cat/4.jpg: it is a symbolic link to ../../4.jpg, which is not in the tar",
            "cat/5.jpg: it is a symbolic link to 6.jpg, and that leads back to it",
            "cat/6.jpg: it is a symbolic link to 5.jpg, and that leads back to it",
            "cat/all: it is a symbolic link to .., and that leads back to it",
            "dog/7.jpg: it is a symbolic link to ../elk/../cat/1.jpg, which goes back out of"
                + " another link",
            "elk/7.jpg: it is a symbolic link to ../elk/../cat/1.jpg, which goes back out of"
                + " another link");
    assertThat(names(listing)).containsExactly("cat/1.jpg", "dog/1.jpg", "elk/1.jpg");
  }

  @Test
  void aLaterFileTakesALinksPlace() throws IOException {
    ImageListing listing =
        list(
            tar(
                CAT,
                entry('2', "./dog/1.jpg", "9.jpg", NONE),
                DOG,
                entry('0', "dog/2.jpg", "", data(3)),
                entry('2', "dog/2.jpg", "1.jpg", NONE)));
    assertThat(names(listing)).containsExactly("cat/1.jpg", "dog/1.jpg", "dog/2.jpg");
    assertThat(at(listing, "dog/2.jpg").length()).isEqualTo(700);
    assertThat(listing.leftOut()).isEmpty();
  }

  @Test
  void namesNamesThatAreNotUtf8() throws IOException {
    ImageListing listing =
        list(
            tar(
                CAT,
                DOG,
                entry('0', "dog/caf\u00e9.jpg", "", data(1)),
                pax("path=dog/caf\u00e8.jpg"),
                entry('0', "x", "", data(1)),
                entry('L', "././@LongLink", "", latin("dog/caf\u00ea.jpg\0")),
                entry('0', "x", "", data(1))));
    assertThat(names(listing)).containsExactly("cat/1.jpg", "dog/1.jpg");
    assertThat(leftOut(listing))
        .containsExactly(
            "dog/caf\\xE9.jpg: its name is not UTF-8: rename it and pack it again",
            "dog/caf\\xE8.jpg: its name is not UTF-8: rename it and pack it again",
            "dog/caf\\xEA.jpg: its name is not UTF-8: rename it and pack it again");
  }

  @Test
  void namesSparseFilesAndReadsOnBehindThem() throws IOException {
    byte[] old = entry('S', "cat/2.jpg", "", data(512));
    old[482] = 1;
    byte[] map = new byte[512];
    byte[] sparse =
        concat(
            Arrays.copyOf(TestTars.withChecksum(old), 512),
            map,
            Arrays.copyOfRange(old, 512, old.length));
    ImageListing listing =
        list(
            tar(
                CAT,
                sparse,
                pax("GNU.sparse.major=1", "GNU.sparse.name=cat/3.jpg", "path=p"),
                entry('0', "cat/GNUSparseFile.9/3.jpg", "", data(512)),
                DOG));
    assertThat(names(listing)).containsExactly("cat/1.jpg", "dog/1.jpg");
    assertThat(leftOut(listing))
        .allMatch(line -> line.contains("it is stored as a sparse file"))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("cat/2.jpg: "),
            line -> assertThat(line).startsWith("cat/3.jpg: "));
  }

  @Test
  void namesDevicesAndUnknownTypesAndPassesOverLabels() throws IOException {
    ImageListing listing =
        list(
            tar(
                entry('V', "my backup", "", NONE),
                entry('D', "cat/", "", data(20)),
                CAT,
                DOG,
                entry('6', "cat/p.jpg", "", NONE),
                entry('M', "cat/m.jpg", "", data(3)),
                entry('Z', "cat/z.jpg", "", data(3))));
    assertThat(names(listing)).containsExactly("cat/1.jpg", "dog/1.jpg");
    assertThat(leftOut(listing))
        .containsExactly(
            "cat/p.jpg: it is a device or a pipe, no file",
            "cat/m.jpg: it goes on from another volume: join the volumes first",
            "cat/z.jpg: it is an entry of the unknown type 'Z'");
    assertThat(listing.ignored()).isZero();
  }

  @Test
  void readsPaxHeadersWithWhateverKeys() throws IOException {
    ImageListing listing =
        list(
            tar(
                entry('g', "pax_global_header", "", record("comment=0123")),
                pax("mtime=1.5", "SCHILY.xattr.user.a==b=\0", "path=cat/\u00c3\u00a9=1.jpg"),
                entry('0', "x", "", data(4)),
                pax("linkpath=cat/\u00c3\u00a9=1.jpg", "path=", "path=dog/2.jpg"),
                entry('1', "y", "z", NONE),
                pax("path=nothing", "path="),
                DOG));
    assertThat(names(listing)).containsExactly("cat/\u00e9=1.jpg", "dog/1.jpg", "dog/2.jpg");
    assertThat(at(listing, "dog/2.jpg").length()).isEqualTo(4);
    assertThat(listing.leftOut()).isEmpty();
    refuses(
        "0 a pax header gives one name or size to all entries behind it",
        entry('g', "g", "", record("path=cat/1.jpg")),
        CAT);
    refuses("0 a pax header is malformed", entry('x', "x", "", latin("9 path=a")), CAT);
    refuses(
        "1024 it ends behind an entry's long name, before the entry, cut short",
        entry('L', "././@LongLink", "", latin("dog/2.jpg\0")));
  }

  private void refuses(String reason, byte[]... entries) throws IOException {
    Path tar = tar(entries);
    assertThatThrownBy(() -> list(tar))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read file:" + tar + " as a tar: at byte " + reason);
  }

  private Path tar(byte[]... entries) throws IOException {
    return TestTars.join(folder.resolve("t.tar"), entries);
  }

  private static byte[] pax(String... records) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String record : records) {
      all.writeBytes(record(record));
    }
    return entry('x', "PaxHeaders/x", "", all.toByteArray());
  }

  private static byte[] record(String text) {
    int length = text.length() + 3;
    while (length < (length + " " + text + "\n").length()) {
      length++;
    }
    return latin(length + " " + text + "\n");
  }

  private static byte[] withSize(byte[] entry, int size) {
    byte[] digits = latin(Integer.toOctalString(size));
    Arrays.fill(entry, 124, 136, (byte) 0);
    System.arraycopy(digits, 0, entry, 124, digits.length);
    return TestTars.withChecksum(entry);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] data(int length) {
    byte[] data = new byte[length];
    Arrays.fill(data, (byte) 0xD8);
    return data;
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static List<String> names(ImageListing listing) {
    return listing.train().stream().map(ImageFile::name).toList();
  }

  private static ImageFile at(ImageListing listing, String name) {
    return listing.train().stream()
        .filter(file -> file.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> leftOut(ImageListing listing) {
    return listing.leftOut().stream()
        .map(entry -> entry.name().replaceFirst("^[^,]*, ", "") + ": " + entry.reason())
        .toList();
  }

  private static ImageListing list(Path tar) {
    return ImageFolder.list(
        new org.apache.hadoop.fs.Path(tar.toString()), new Configuration(), new HoldOut(0, 0));
  }
}
