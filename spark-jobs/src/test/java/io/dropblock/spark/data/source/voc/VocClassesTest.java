package io.dropblock.spark.data.source.voc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VocClassesTest {

  private static List<String> read(String text) {
    return VocClasses.read("labelmap.txt", text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsWhatCvatWrites() {
    assertThat(
            read(
                "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:250,50,83::\ndog:1,2,3::\n"))
        .containsExactly("background", "cat", "dog");
    // The example of CVAT's documentation, and what Datumaro writes of persons.
    assertThat(read("background:0,128,0::\naeroplane:10,10,128::\n")).hasSize(2);
    assertThat(read("background:::\nperson:192,128,128:head,hand,foot:jumping,walking\n"))
        .containsExactly("background", "person");
  }

  @Test
  void readsOtherLineEndsAndSpaces() {
    assertThat(read("\uFEFF_background_\r\n\r\n road sign : 7, 8, 9 \r\n# none\r\n\u00e9t\u00e9"))
        .containsExactly("_background_", "road sign", "\u00e9t\u00e9");
    assertThat(read("nothing:0,0,0::\nx")).containsExactly("nothing", "x");
  }

  @Test
  void takesVoidForNoClass() {
    assertThat(read("background:0,0,0::\ncat:1,2,3::\nignored:224,224,192::\n"))
        .containsExactly("background", "cat");
  }

  @Test
  void refusesWhatItDoesNotUnderstand() {
    refuses("background\n:1,2,3::", "line 2 is ':1,2,3::', not one such as cat:64,0,0::");
    refuses("background\ncat:1,2::", "line 2 is 'cat:1,2::', not one such as cat:64,0,0::");
    refuses("background\na:1,2,3:b:c:d", "line 2 is 'a:1,2,3:b:c:d', not one such as cat:64,0,0::");
    refuses("#\nbackground\ncat\ncat", "line 4 names cat, as a line before does");
    refuses(
        "road:1,2,3::\ncat",
        "label 0 is road, but must be the background, with which images are padded");
    refuses("# nothing\n", "it names 0 classes, not 2 to 255");
    refuses("background", "it names 1 classes, not 2 to 255");
    refuses(
        IntStream.range(0, 256).mapToObj(i -> "background" + i).collect(Collectors.joining("\n")),
        "it names 256 classes, not 2 to 255");
    assertThatThrownBy(
            () -> VocClasses.read("labelmap.txt", "background".getBytes(StandardCharsets.UTF_16)))
        .hasMessage("Cannot read labelmap.txt: it is no UTF-8 text");
  }

  private static void refuses(String text, String reason) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read labelmap.txt: " + reason);
  }
}
