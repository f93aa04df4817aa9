package io.dropblock.spark.data.source.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import io.dropblock.spark.data.TestImages;
import io.dropblock.spark.data.source.ImageListing;
import io.dropblock.spark.data.source.folder.HoldOut;
import io.dropblock.spark.data.source.folder.ImageFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk lists is read or told. */
class LocalDirectoryTest {
  // The letters e acute, t, e acute in UTF-8, and one e acute in Latin 1.
  private static final String ETE = "%C3%A9t%C3%A9";
  private static final String LATIN = "caf%E9.jpg";

  @TempDir private Path temporary;
  private Path root;

  /** Prints what a folder's listing holds, in ASCII. */
  static final class Listing {
    private Listing() {}

    public static void main(String[] arguments) {
      try {
        ImageListing listing = list(Path.of(arguments[0]));
        say("classes " + listing.classes());
        listing.train().forEach(file -> say("image " + file.name()));
        listing.leftOut().forEach(entry -> say("left out " + entry.name() + ": " + entry.reason()));
      } catch (DataException e) {
        say(e.getMessage());
      }
    }

    private static void say(String line) {
      StringBuilder ascii = new StringBuilder();
      line.chars()
          .forEach(
              c ->
                  ascii.append(
                      c < 128 ? Character.toString(c) : "<" + Integer.toHexString(c) + ">"));
      System.out.println(ascii);
    }
  }

  @BeforeEach
  void draw() throws IOException {
    root = temporary.resolve("set");
    TestImages.fill(root.resolve("cat"), 2, 1);
    TestImages.fill(root.resolve("dog"), 2, 2);
  }

  @Test
  void namesWhatItCannotOpenWithoutALocale() throws Exception {
    TestImages.fill(raw(root, ETE), 2, 3);
    Files.write(raw(root.resolve("cat"), ETE + ".jpg"), TestImages.jpeg(8, 8, 4));
    String reason =
        ": this process cannot open files of such names, as its locale has no characters for them"
            + " but ANSI_X3.4-1968: run it in a UTF-8 locale, such as LC_ALL=C.UTF-8";
    assertThat(inALocale("C"))
        .contains("classes [cat, dog]")
        .contains("left out file:" + root + ", <e9>t<e9>" + reason)
        .contains("left out file:" + root + ", cat/<e9>t<e9>.jpg" + reason)
        .hasSize(5);
  }

  @Test
  void readsAllNamesInALocaleThatHasThem() throws Exception {
    TestImages.fill(raw(root, ETE), 2, 3);
    Files.write(raw(root.resolve("cat"), LATIN), TestImages.jpeg(8, 8, 4));
    assertThat(inALocale("C.UTF-8"))
        .contains("classes [cat, dog, <e9>t<e9>]", "image <e9>t<e9>/0000.jpg")
        .contains("left out file:" + root + ", cat/caf\\xE9.jpg: its name is not UTF-8: rename it")
        .hasSize(5);
  }

  @Test
  void namesLinksThatLeadNowhere() throws IOException {
    Files.createSymbolicLink(root.resolve("cat/lost.jpg"), Path.of("/nowhere/lost.jpg"));
    Files.createSymbolicLink(root.resolve("newt"), Path.of("../newt"));
    Files.createSymbolicLink(root.resolve("cat/round.jpg"), Path.of("round.jpg"));
    assertThat(leftOut())
        .containsExactly(
            "cat/lost.jpg: it is a symbolic link to /nowhere/lost.jpg, which is not there",
            "cat/round.jpg: it is a symbolic link to round.jpg: Too many levels of symbolic links"
                + " or unable to access attributes of symbolic link",
            "newt: it is a symbolic link to ../newt, which is not there");
  }

  @Test
  void followsLinksOnceAndNamesACircle() throws IOException {
    Path store = temporary.resolve("store");
    TestImages.fill(store.resolve("newts"), 2, 5);
    Files.createSymbolicLink(root.resolve("newt"), store.resolve("newts"));
    Files.createSymbolicLink(root.resolve("dog/more.jpg"), store.resolve("newts/0000.jpg"));
    Files.createSymbolicLink(root.resolve("cat/all"), Path.of(".."));
    Files.createSymbolicLink(root.resolve("cat/self"), Path.of("."));
    Files.createSymbolicLink(root.resolve("cat/above"), Path.of("../.."));
    ImageListing listing = list(root);
    assertThat(listing.classes()).containsExactly("cat", "dog", "newt");
    assertThat(listing.train().size() + listing.val().size()).isEqualTo(7);
    assertThat(leftOut())
        .containsExactly(
            "cat/above: it is a link to a folder that it lies in itself, ../..",
            "cat/all: it is a link to a folder that it lies in itself, ..",
            "cat/self: it is a link to a folder that it lies in itself, .");
  }

  @Test
  void namesPipes() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", root.resolve("cat/p.jpg").toString()).start().waitFor())
        .isZero();
    assertThat(leftOut()).containsExactly("cat/p.jpg: it is a pipe, a socket or a device, no file");
  }

  @Test
  void saysWhyAClassHasNoImages() throws IOException {
    Files.createDirectory(root.resolve("newt"));
    Files.createSymbolicLink(root.resolve("newt/1.jpg"), Path.of("/mnt/1.jpg"));
    assertThatThrownBy(() -> list(root))
        .hasMessage(
            "Cannot list images in %s: class folder newt has no images: newt/1.jpg cannot be read,"
                + " it is a symbolic link to /mnt/1.jpg, which is not there",
            root);
  }

  @Test
  void refusesFoldersThatAreNestedTooDeep() throws IOException {
    Path deep = Files.createDirectories(root.resolve("cat" + "/d".repeat(17)));
    assertThatThrownBy(() -> list(root))
        .hasMessage(
            "Cannot list file:%s: folders are nested deeper than 16 at %s",
            root, root.relativize(deep.getParent()));
  }

  private List<String> leftOut() {
    String before = "file:" + root + ", ";
    return list(root).leftOut().stream()
        .map(entry -> entry.name().substring(before.length()) + ": " + entry.reason())
        .toList();
  }

  /** A path of any bytes, whatever the locale of this process. */
  private static Path raw(Path folder, String percentEncoded) {
    return Path.of(URI.create("file://" + folder + "/" + percentEncoded));
  }

  private List<String> inALocale(String locale) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Listing.class.getName(),
                root.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("LC_ALL", locale);
    Process process = builder.start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
            .lines()
            .toList();
    assertThat(process.waitFor()).as("%s", lines).isZero();
    return lines;
  }

  private static ImageListing list(Path path) {
    return ImageFolder.list(
        new org.apache.hadoop.fs.Path(path.toString()), new Configuration(), HoldOut.DEFAULT);
  }
}
