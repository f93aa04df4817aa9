package io.dropblock.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recursive descent over the text form of {@link Schedule}. */
final class ScheduleParser {

  private static final int LONGEST = 10_000;
  private static final int DEEPEST = 16;
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w-]*");
  private static final List<String> KINDS =
      List.of("constant", "linear", "steps", "exponential", "cosine", "warm-up");
  private static final String FORMS =
      "a number, constant(value), linear(from, to), steps(value, value @ place, ...),"
          + " exponential(from, factor, every 2.4 epochs), cosine(from, to) or warm-up(place,"
          + " schedule), where a place is a share such as 0.5 or epoch 30";
  private static final String EPOCH = "epoch";
  private static final String FROM = "from";

  private final String text;
  private int position;
  private int depth;

  ScheduleParser(String text) {
    this.text = text;
  }

  Schedule parse() {
    if (text.length() > LONGEST) {
      throw refused("longer than " + LONGEST + " characters");
    }
    Schedule schedule = schedule();
    skipSpaces();
    if (position < text.length()) {
      throw expected("nothing more");
    }
    return schedule;
  }

  private Schedule schedule() {
    if (++depth > DEEPEST) {
      throw refused("nested more than " + DEEPEST + " deep");
    }
    skipSpaces();
    Matcher name = match(NAME);
    if (name == null) {
      double value = number(FORMS);
      return checked(() -> new Constant(value));
    }
    String kind = name.group();
    if (!KINDS.contains(kind)) {
      String meant =
          NearestName.of(kind, KINDS).map(near -> ", did you mean '" + near + "'?").orElse(".");
      throw refused("unknown kind '" + shown(kind) + "'" + meant + " Expected " + FORMS);
    }
    position = name.end();
    take('(');
    Schedule schedule =
        switch (kind) {
          case "constant" -> constant();
          case "linear" -> linear();
          case "steps" -> steps();
          case "exponential" -> exponential();
          case "cosine" -> cosine();
          default -> warmUp();
        };
    take(')');
    return schedule;
  }

  private Schedule constant() {
    double value = number("the value");
    return checked(() -> new Constant(value));
  }

  private Schedule linear() {
    double from = number("the value at the start");
    take(',');
    double to = number("the value at the end");
    return checked(() -> new Linear(from, to));
  }

  private Schedule steps() {
    double first = number("the first value");
    List<Steps.Change> changes = new ArrayList<>();
    while (takeComma()) {
      double value = number("the next value");
      take('@');
      Place from = place("the share or epoch from which it holds");
      changes.add(checked(() -> new Steps.Change(value, from)));
    }
    return checked(() -> new Steps(first, changes));
  }

  private Schedule exponential() {
    double from = number("the value at the start");
    take(',');
    double factor = number("the factor");
    take(',');
    Period every = period();
    boolean staircase = false;
    double floor = 0;
    if (takeComma()) {
      staircase = takeWord("staircase");
      if (!staircase || takeComma()) {
        if (!takeWord("floor")) {
          throw expected(staircase ? "floor" : "staircase or floor");
        }
        floor = number("the floor");
      }
    }
    boolean stairs = staircase;
    double lowest = floor;
    return checked(() -> new Exponential(from, factor, every, stairs, lowest));
  }

  private Period period() {
    if (!takeWord("every")) {
      throw expected("every");
    }
    double length = number("the share or number of epochs of a period");
    boolean ofEpochs = takeWord("epochs") || takeWord(EPOCH);
    return checked(() -> ofEpochs ? new Period.Epochs(length) : new Period.Share(length));
  }

  private Schedule cosine() {
    double from = number("the value at the start");
    take(',');
    double to = number("the value at the end");
    if (!takeComma()) {
      return checked(() -> new Cosine(from, to));
    }
    if (!takeWord(FROM)) {
      throw expected(FROM);
    }
    Place start = place("the share or epoch at which it begins");
    return checked(() -> new Cosine(from, to, start));
  }

  private Schedule warmUp() {
    Place end = place("the share or epoch at which it ends");
    take(',');
    double from = 0;
    if (takeWord(FROM)) {
      from = number("the value at the start");
      take(',');
    }
    double start = from;
    Schedule inner = schedule();
    return checked(() -> new WarmUp(end, start, inner));
  }

  private Place place(String what) {
    if (!takeWord(EPOCH)) {
      return new Place.Share(number(what));
    }
    double number = number("the number of the epoch");
    if (number != (int) number) {
      throw refused("Invalid epoch: " + number + ", must be a whole number of at least 1");
    }
    return checked(() -> new Place.Epoch((int) number));
  }

  private boolean takeWord(String word) {
    skipSpaces();
    Matcher name = match(NAME);
    boolean found = name != null && name.group().equals(word);
    if (found) {
      position = name.end();
    }
    return found;
  }

  private double number(String what) {
    skipSpaces();
    Matcher number = match(NUMBER);
    if (number == null) {
      throw expected(what);
    }
    position = number.end();
    return Double.parseDouble(number.group());
  }

  private boolean takeComma() {
    skipSpaces();
    boolean found = position < text.length() && text.charAt(position) == ',';
    position += found ? 1 : 0;
    return found;
  }

  private void take(char wanted) {
    skipSpaces();
    if (position >= text.length() || text.charAt(position) != wanted) {
      throw expected("'" + wanted + "'");
    }
    position++;
  }

  private void skipSpaces() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
  }

  private Matcher match(Pattern pattern) {
    Matcher matcher = pattern.matcher(text).region(position, text.length());
    return matcher.lookingAt() ? matcher : null;
  }

  private <T> T checked(Supplier<T> made) {
    try {
      return made.get();
    } catch (IllegalArgumentException e) {
      throw refused(e.getMessage());
    }
  }

  private IllegalArgumentException expected(String what) {
    String rest = text.substring(position).strip();
    return refused(
        "expected " + what + (rest.isEmpty() ? " at the end" : " before '" + shown(rest) + "'"));
  }

  private IllegalArgumentException refused(String reason) {
    return new IllegalArgumentException("Cannot parse schedule '" + shown(text) + "': " + reason);
  }

  /** One short line, whatever came in. */
  private static String shown(String text) {
    String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ");
    return line.length() <= 80 ? line : line.substring(0, 77) + "...";
  }
}
