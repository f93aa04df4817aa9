package io.dropblock.spark.data.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropblock.spark.data.annotation.Box;
import io.dropblock.spark.data.annotation.ImageObject;
import io.dropblock.spark.data.annotation.ObjectSet;
import io.dropblock.spark.data.annotation.Polygons;
import io.dropblock.spark.data.annotation.RunLengths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectsJsonTest {
  private static final ObjectSet SET =
      new ObjectSet(
          493652,
          List.of(
              new ImageObject(
                  441444,
                  3,
                  new Box(120.46, 133.32, 212.31, 498.58),
                  52634.3678,
                  false,
                  new Polygons(new float[][] {{150.59f, 622.31f, 176.63f, 566.15f, 1, 2}})),
              new ImageObject(
                  7, 0, new Box(0, 0, 2, 3), 4, true, new RunLengths(2, 3, List.of(1, 4, 1))),
              new ImageObject(8, 79, new Box(1, 1, 0.5, 0.25), 0, false, null)));

  @Test
  void readsWhatItWrote() throws IOException {
    assertThat(ObjectsJson.decode(ObjectsJson.encode(SET))).isEqualTo(SET);
  }

  @Test
  void keepsCocosKeys() throws IOException {
    assertThat(text(new ObjectSet(5, List.of(SET.objects().get(1)))))
        .isEqualTo(
            "{\"image_id\":5,\"objects\":[{\"id\":7,\"label\":0,\"bbox\":[0.0,0.0,2.0,3.0],"
                + "\"area\":4.0,\"iscrowd\":1,"
                + "\"segmentation\":{\"size\":[3,2],\"counts\":[1,4,1]}}]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"bbox\":[0.0,0.0,2.0,3.0] | \"bbox\":[0.0,0.0,2.0] | bbox has 3 numbers",
        "\"bbox\":[0.0,0.0,2.0,3.0] | \"bbox\":[0,0,-2,3] | Invalid box",
        "\"bbox\":[0.0,0.0,2.0,3.0] | \"bbox\":[0,0,1e999,3] | Invalid box",
        "\"bbox\":[0.0,0.0,2.0,3.0] | \"bbox\":[0,0,\"2\",3] | an element is not a number",
        "\"label\":0 | \"label\":-1 | Invalid object: label -1",
        "\"label\":0 | \"label\":4294967296 | label is not a whole number",
        "\"area\":4.0 | \"area\":-4 | Invalid object",
        "\"area\":4.0 | \"a\":4 | area is not a number",
        "\"counts\":[1,4,1] | \"counts\":[1,4,2] | Invalid mask: runs of 7 pixels for 2 x 3",
        "\"counts\":[1,4,1] | \"counts\":[-1,6,1] | Invalid mask",
        "\"size\":[3,2] | \"size\":[3] | width is not a whole number",
        "\"image_id\":5 | \"image_id\":\"5\" | image_id is not a whole number",
        "\"objects\":[ | \"objects\":7,\"x\":[ | objects is not an array",
      })
  void refusesAnythingElse(String part, String instead, String reason) throws IOException {
    String whole = text(new ObjectSet(5, List.of(SET.objects().get(1))));
    byte[] damaged = whole.replace(part, instead).getBytes(StandardCharsets.UTF_8);
    assertThat(damaged).isNotEqualTo(whole.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ObjectsJson.decode(damaged))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refusesWhatWasCut() throws IOException {
    String whole = text(SET);
    for (int length = 0; length < whole.length(); length++) {
      byte[] part = whole.substring(0, length).getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> ObjectsJson.decode(part)).isInstanceOf(IOException.class);
    }
  }

  private static String text(ObjectSet set) throws IOException {
    return new String(ObjectsJson.encode(set), StandardCharsets.UTF_8);
  }
}
