package io.dropblock.spark.recipe.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks that can be one of several records. */
class TaggedTest {

  /** A drink, whichever. */
  @Tagged
  sealed interface Drink {}

  /** Hot. */
  record BlackTea(int minutes, @Default("1") int sugar) implements Drink {}

  /** Cold. */
  record Water(boolean sparkling) implements Drink {}

  /** A block below. */
  record Cup(int size, Drink drink) {}

  /** The root. */
  record Table(Cup cup, @Default("{kind: black-tea, minutes: 3}") Drink guest) {}

  private static ObjectNode tree(String yaml) {
    return (ObjectNode) Yaml.read(yaml);
  }

  private static Table read(String yaml) {
    List<Problem> problems = new ArrayList<>();
    Optional<Table> table = RecordReader.read(tree(yaml), Table.class, problems);
    assertThat(problems).isEmpty();
    return table.orElseThrow();
  }

  @Test
  void theKindNamesTheRecord() {
    Table tea = read("cup: {size: 2, drink: {minutes: 4, kind: black-tea}}");
    assertThat(tea.cup().drink()).isEqualTo(new BlackTea(4, 1));
    Table water =
        read(
            "{cup: {size: 2, drink: {kind: water, sparkling: true}}, guest: {kind: water,"
                + " sparkling: false}}");
    assertThat(water.cup().drink()).isEqualTo(new Water(true));
    assertThat(water.guest()).isEqualTo(new Water(false));
    assertThat(Yaml.write(RecordWriter.tree(water)))
        .isEqualTo(
            """
            cup:
              size: 2
              drink:
                kind: "water"
                sparkling: true
            guest:
              kind: "water"
              sparkling: false
            """);
    assertThat(read(Yaml.write(RecordWriter.tree(tea)))).isEqualTo(tea);
  }

  @Test
  void aBlockWithoutItsKindHasTheDefaults() {
    String cup = "cup: {size: 2, drink: {kind: water, sparkling: true}}\n";
    assertThat(read(cup).guest()).isEqualTo(new BlackTea(3, 1));
    assertThat(read(cup + "guest: {sugar: 5}").guest()).isEqualTo(new BlackTea(3, 5));
    assertThat(read(cup + "guest: {kind: black-tea, minutes: 9}").guest())
        .isEqualTo(new BlackTea(9, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{sugar: 2} | Missing key cup.drink.kind: must be one of black-tea, water",
        "{kind: watr} | cup.drink.kind must be one of black-tea, water (did you mean water?), not 'watr'",
        "{kind: [water]} | cup.drink.kind must be one of black-tea, water, not [water]",
        "water | cup.drink must be a block of keys, not 'water'",
        "{kind: water} | Missing key cup.drink.sparkling: must be true or false",
        "{kind: water, sparkling: true, sugar: 2} | cup.drink.sugar is for drink black-tea only",
        "{kind: water, sparkling: true, suggar: 2} | Unknown key cup.drink.suggar: known here are kind, sparkling",
        "{kind: water, sparklin: true, sparkling: true} | Unknown key cup.drink.sparklin: did you mean cup.drink.sparkling?",
        "{kind: water, sparkling: 3} | cup.drink.sparkling must be true or false, not 3"
      })
  void whatIsWrongIsNamed(String drink, String problem) {
    List<Problem> problems = new ArrayList<>();
    ObjectNode tree = tree("cup: {size: 2, drink: " + drink + "}");
    assertThat(RecordReader.read(tree, Table.class, problems)).isEmpty();
    assertThat(problems).extracting(Problem::text).containsExactly(problem);
  }

  @Test
  void keysOfAllKindsAreKnown() {
    assertThat(UnknownKeys.keys(Table.class, ""))
        .containsExactly(
            "cup",
            "cup.size",
            "cup.drink",
            "cup.drink.kind",
            "cup.drink.minutes",
            "cup.drink.sugar",
            "cup.drink.sparkling",
            "guest",
            "guest.kind",
            "guest.minutes",
            "guest.sugar",
            "guest.sparkling");
  }

  private static ObjectNode laid(String base, String over) {
    ObjectNode tree = tree(base);
    Overlay.merge(tree, tree(over), Table.class);
    return tree;
  }

  @Test
  void anotherKindKeepsNothing() {
    String tea = "cup: {size: 2, drink: {kind: black-tea, minutes: 4}}";
    assertThat(laid(tea, "cup: {drink: {kind: water, sparkling: true}}"))
        .isEqualTo(tree("cup: {size: 2, drink: {kind: water, sparkling: true}}"));
    assertThat(laid(tea, "cup: {drink: {kind: black-tea, sugar: 3}}"))
        .isEqualTo(tree("cup: {size: 2, drink: {kind: black-tea, minutes: 4, sugar: 3}}"));
    assertThat(laid(tea, "cup: {drink: {sugar: 3}}"))
        .isEqualTo(tree("cup: {size: 2, drink: {kind: black-tea, minutes: 4, sugar: 3}}"));
  }

  @Test
  void aKindThatIsLeftOutBelowIsTheDefaults() {
    assertThat(laid("guest: {sugar: 3}", "guest: {kind: water, sparkling: true}"))
        .isEqualTo(tree("guest: {kind: water, sparkling: true}"));
    assertThat(laid("guest: {sugar: 3}", "guest: {kind: black-tea, minutes: 2}"))
        .isEqualTo(tree("guest: {sugar: 3, kind: black-tea, minutes: 2}"));
  }

  /** Such a key says what drops in a recipe's dropblock, and is no tag. */
  @Test
  void otherKeysNamedKindAreValues() {
    assertThat(laid("cup: {kind: a, size: 3}", "cup: {kind: b}"))
        .isEqualTo(tree("cup: {kind: b, size: 3}"));
  }
}
