package io.dropblock.metric;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How good a network is, in the words of its task.
 *
 * @param main what fits in a line, in order; the first is the primary score, by which networks are
 *     compared: a share, the more the better
 * @param details further scores, such as one of each class, in order
 * @param notes lines for people, such as which classes the images lack
 */
public record Scores(List<Score> main, List<Score> details, List<String> notes)
    implements Serializable {

  /**
   * One of them.
   *
   * @param name as people know it: {@code top-1}, {@code mIoU}
   * @param value 0 to 1 where it is a share; may be NaN
   * @param unit how people read it
   */
  public record Score(String name, double value, Unit unit) implements Serializable {

    /** How people read a score. */
    public enum Unit {
      /** In percent. */
      SHARE,
      /** As it is. */
      NUMBER
    }

    /** A share without a unit is one. */
    public Score {
      Objects.requireNonNull(name, "name is null");
      unit = unit == null ? Unit.SHARE : unit;
    }

    /** A share. */
    public Score(String name, double value) {
      this(name, value, Unit.SHARE);
    }

    /** With its name: {@code top-1 76.51 %}. */
    public String text() {
      return name + " " + valueText();
    }

    /** Without its name: {@code 76.51 %}. */
    public String valueText() {
      return unit == Unit.SHARE
          ? String.format(Locale.ROOT, "%.2f %%", 100 * value)
          : String.format(Locale.ROOT, "%.4f", value);
    }

    /** Of a share, with one digit: {@code top-1 76.5 %}. */
    public String brief() {
      return String.format(Locale.ROOT, "%s %.1f %%", name, 100 * value);
    }
  }

  /**
   * @throws IllegalArgumentException if there is no main score, or two have one name
   */
  public Scores {
    main = List.copyOf(main);
    details = List.copyOf(details);
    notes = List.copyOf(notes);
    if (main.isEmpty()) {
      throw new IllegalArgumentException("Invalid scores: none is the primary one");
    }
    long names = Stream.concat(main.stream(), details.stream()).map(Score::name).distinct().count();
    if (names < main.size() + details.size()) {
      throw new IllegalArgumentException("Invalid scores: two have the same name");
    }
  }

  /** Scores without details or notes. */
  public static Scores of(Score... main) {
    return new Scores(List.of(main), List.of(), List.of());
  }

  /**
   * These, and behind them another network's, whose names get a word in front: {@code top-1, raw
   * top-1}.
   *
   * @param word with its space
   */
  public Scores beside(String word, Scores other) {
    return new Scores(
        Stream.concat(main.stream(), named(word, other.main)).toList(),
        Stream.concat(details.stream(), named(word, other.details)).toList(),
        Stream.concat(notes.stream(), other.notes.stream()).distinct().toList());
  }

  private static Stream<Score> named(String word, List<Score> scores) {
    return scores.stream()
        .map(score -> new Score(word + score.name(), score.value(), score.unit()));
  }

  /** The score by which networks are compared. */
  public Score primary() {
    return main.get(0);
  }

  /** A score by its name, main or detail. */
  public Optional<Double> value(String name) {
    return Stream.concat(main.stream(), details.stream())
        .filter(score -> score.name().equals(name))
        .map(Score::value)
        .findFirst();
  }
}
