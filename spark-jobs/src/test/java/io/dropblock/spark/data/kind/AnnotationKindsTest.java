package io.dropblock.spark.data.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;

class AnnotationKindsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void areThoseThatManifestsName() {
    assertThat(AnnotationKinds.ALL)
        .extracting(AnnotationKind::word)
        .containsExactly("classification", "detection", "segmentation");
    assertThat(AnnotationKinds.ALL)
        .extracting(kind -> kind.column().getName())
        .containsExactly("label", "objects", "labels");
    assertThat(AnnotationKinds.first()).isEqualTo(new ClassLabelKind());
  }

  @Test
  void areWrittenAndReadByTheirWords() throws JsonProcessingException {
    for (AnnotationKind kind : AnnotationKinds.ALL) {
      String text = JSON.writeValueAsString(kind);
      assertThat(text).isEqualTo('"' + kind.word() + '"');
      assertThat(JSON.readValue(text, AnnotationKind.class)).isEqualTo(kind);
    }
    assertThatThrownBy(() -> JSON.readValue("\"captioning\"", AnnotationKind.class))
        .isInstanceOf(ValueInstantiationException.class)
        .hasRootCauseMessage(
            "task is 'captioning', not one of classification, detection, segmentation");
  }

  /** Tasks of a job get copies. */
  @Test
  void areEqualToTheirCopies() throws IOException, ClassNotFoundException {
    for (AnnotationKind kind : AnnotationKinds.ALL) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(kind);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertThat(in.readObject()).isEqualTo(kind);
      }
      assertThat(AnnotationKinds.ALL).filteredOn(kind::equals).hasSize(1);
    }
  }
}
