package io.dropblock.spark.data.source.voc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.DataException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VocListTest {
  @Test
  void readsTheLinesOfAnySystem() {
    for (String end : new String[] {"\n", "\r\n", " \n"}) {
      String text = "2007_000032" + end + "000000000790" + end + "no-1.b" + end;
      assertThat(read(text).names()).containsExactly("2007_000032", "000000000790", "no-1.b");
    }
    assertThat(read("2007_000032").names()).containsExactly("2007_000032");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "../2007_000033",
        "..",
        ".hidden",
        "JPEGImages/2007_000033",
        "/JPEGImages/2007_000033.jpg /SegmentationClassAug/2007_000033.png",
        "a\\b",
        "a b",
        "'2007_000033  1'",
      })
  void refusesWhatIsNoName(String line) {
    refuses(
        "2007_000032\r\n" + line + "\r\n2007_000039\r\n",
        String.format(
            Locale.ROOT,
            "Cannot read train.txt: line 2 is '%s', not the name of an image such as 2007_000032",
            line));
  }

  @Test
  void refusesEmptyListsAndLines() {
    for (String text : new String[] {"", "\n", " \r\n\r\n"}) {
      refuses(text, "Cannot read train.txt: it is empty");
    }
    refuses(
        "a\n\nb\n",
        "Cannot read train.txt: line 2 is '', not the name of an image such as 2007_000032");
  }

  @Test
  void refusesANameThatIsThereTwice() {
    refuses("a\nb\nc\nb\n", "Cannot read train.txt: line 4 is b, as line 2 is already");
  }

  @Test
  void refusesOtherEncodings() {
    byte[] latin = "M\u00e4rz\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> VocList.of("train.txt", latin))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read train.txt: it is no UTF-8 text");
    Charset marked = StandardCharsets.UTF_16;
    assertThatThrownBy(() -> VocList.of("train.txt", "a\nb\n".getBytes(marked)))
        .isInstanceOf(DataException.class)
        .hasMessage("Cannot read train.txt: it is no UTF-8 text");
    refuses(
        new String("a\nb\n".getBytes(StandardCharsets.UTF_16LE), StandardCharsets.ISO_8859_1),
        "Cannot read train.txt: line 1 is 'a\\u0000', not the name of an image such as 2007_000032");
    refuses(
        "\uFEFFa\n",
        "Cannot read train.txt: line 1 is '\\uFEFFa', not the name of an image such as 2007_000032");
  }

  @Test
  void keepsAMessageShort() {
    assertThatThrownBy(() -> read("x".repeat(1_000_000)))
        .isInstanceOf(DataException.class)
        .hasMessage(
            String.format(
                Locale.ROOT,
                "Cannot read train.txt: line 1 is '%s...', not the name of an image such as 2007_000032",
                "x".repeat(80)));
  }

  private static void refuses(String text, String message) {
    assertThatThrownBy(() -> read(text)).isInstanceOf(DataException.class).hasMessage(message);
  }

  private static VocList read(String text) {
    return VocList.of("train.txt", text.getBytes(StandardCharsets.UTF_8));
  }
}
