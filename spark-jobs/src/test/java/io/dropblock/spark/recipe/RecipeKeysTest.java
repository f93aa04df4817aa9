package io.dropblock.spark.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Notices the key that somebody added and forgot to test or to document. */
class RecipeKeysTest {

  @Test
  void theReferenceHasEveryKey() {
    JsonNode reference = Yaml.read(resource("reference.yaml"));
    for (String key : UnknownKeys.keys(Recipe.class, "")) {
      assertThat(reference.at("/" + key.replace('.', '/')).isMissingNode())
          .as("add %s to reference.yaml and different.yaml", key)
          .isFalse();
    }
    assertThat(load("reference.yaml").toYaml()).isEqualTo(Yaml.write(reference));
  }

  @Test
  void everyKeySetsItsOwnComponent() throws Exception {
    assertAllDiffer(load("reference.yaml"), load("different.yaml"), "");
  }

  private static void assertAllDiffer(Record one, Record other, String path) throws Exception {
    for (RecordComponent component : one.getClass().getRecordComponents()) {
      String key = Spelling.join(path, Spelling.key(component.getName()));
      Object left = component.getAccessor().invoke(one);
      Object right = component.getAccessor().invoke(other);
      if (left instanceof Record nested
          && nested.getClass().getPackage() == Recipe.class.getPackage()) {
        assertAllDiffer(nested, (Record) right, key);
      } else {
        assertThat(left).as("give %s another value in different.yaml", key).isNotEqualTo(right);
      }
    }
  }

  @Test
  void everyRequiredKeyIsMissedAndNoOther() {
    for (String key : UnknownKeys.keys(Recipe.class, "")) {
      ObjectNode tree = (ObjectNode) Yaml.read(resource("reference.yaml"));
      int dot = key.lastIndexOf('.');
      String parent = dot < 0 ? "" : "/" + key.substring(0, dot).replace('.', '/');
      ((ObjectNode) tree.at(parent)).remove(key.substring(dot + 1));
      byte[] text = Yaml.write(tree).getBytes(StandardCharsets.UTF_8);
      RecipeLoader loader = new RecipeLoader(List.of("reference"), name -> text);
      if (key.equals("name")) {
        assertThat(loader.load("reference", List.of()).name()).isEqualTo("reference");
      } else if (key.equals("train.accumulation")) {
        assertThat(loader.load("reference", List.of()).train().accumulation()).isEqualTo(1);
      } else if (key.equals("train.averaging.master")) {
        assertThat(loader.load("reference", List.of()).train().averaging().master())
            .isEqualTo(AveragingRecipe.Master.RING);
      } else if (key.equals("train.averaging.wire")) {
        assertThat(loader.load("reference", List.of()).train().averaging().wire())
            .isEqualTo(AveragingRecipe.Wire.EXACT);
      } else if (key.equals("train.checkpoint_every")) {
        assertThat(loader.load("reference", List.of()).train().checkpointEvery()).isEqualTo(250);
      } else if (key.equals("data.auto_augment")) {
        assertThat(loader.load("reference", List.of()).data().autoAugment()).isFalse();
      } else if (key.equals("data.scaled_decoding")) {
        assertThat(loader.load("reference", List.of()).data().scaledDecoding()).isFalse();
      } else if (key.equals("data.cutout")) {
        assertThat(loader.load("reference", List.of()).data().cutout()).isZero();
      } else if (key.equals("data.pad")) {
        assertThatThrownBy(() -> loader.load("reference", List.of()))
            .hasMessageEndingWith(
                "data.pad must be from 0 to data.size for transform pad-crop, not nothing");
      } else {
        assertThatThrownBy(() -> loader.load("reference", List.of()))
            .hasMessageStartingWith(
                "Cannot load recipe reference: Missing key " + key + ": must be ")
            .hasMessageNotContaining("\n");
      }
    }
  }

  @Test
  void everyComponentIsDocumented() throws IOException {
    for (Class<?> type :
        List.of(
            Recipe.class,
            DataRecipe.class,
            ModelRecipe.class,
            DropBlockRecipe.class,
            TrainRecipe.class,
            AveragingRecipe.class)) {
      String source =
          Files.readString(Path.of("src/main/java", type.getName().replace('.', '/') + ".java"));
      for (RecordComponent component : type.getRecordComponents()) {
        assertThat(source).contains("@param " + component.getName() + " ");
      }
    }
  }

  private static Recipe load(String file) {
    byte[] text = resource(file).getBytes(StandardCharsets.UTF_8);
    return new RecipeLoader(List.of("it"), name -> text).load("it", List.of());
  }

  private static String resource(String file) {
    try (var in = RecipeKeysTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
