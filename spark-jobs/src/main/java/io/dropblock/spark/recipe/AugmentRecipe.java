package io.dropblock.spark.recipe;

import io.dropblock.spark.recipe.yaml.Spelling;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What training images go through behind crop and mirror. Its text is {@code none}, {@code
 * auto-augment}, {@code trivial-augment}, or {@code rand-augment(2, 9)} with operations and
 * magnitude.
 *
 * @param policy which one
 * @param operations of an image, one after the other, 1 to 14; for rand-augment only, else 0
 * @param magnitude of all operations, 0 to 30; for rand-augment only, else 0
 */
public record AugmentRecipe(Policy policy, int operations, int magnitude) {
  private static final Pattern RAND =
      Pattern.compile("rand-augment\\(\\s*(\\d+)\\s*,\\s*(\\d+)\\s*\\)");
  private static final int MOST_OPERATIONS = 14;
  private static final int MOST_MAGNITUDE = 30;

  /** The policies. */
  public enum Policy {
    /** Nothing. */
    NONE,
    /** AutoAugment's policy for ImageNet, v0 (Cubuk et al. 2019). */
    AUTO_AUGMENT,
    /** RandAugment (Cubuk et al. 2020), as torchvision has it. */
    RAND_AUGMENT,
    /** TrivialAugment with the wide ranges (Müller, Hutter 2021), as torchvision has it. */
    TRIVIAL_AUGMENT
  }

  /**
   * Reads a text.
   *
   * @throws IllegalArgumentException in one line, if it is none of them or a number is out of range
   */
  static AugmentRecipe parse(String text) {
    for (Policy policy : Policy.values()) {
      if (policy != Policy.RAND_AUGMENT && Spelling.word(policy).equals(text)) {
        return new AugmentRecipe(policy, 0, 0);
      }
    }
    Matcher rand = RAND.matcher(String.valueOf(text));
    if (!rand.matches()) {
      throw new IllegalArgumentException(
          "Cannot parse policy "
              + Spelling.value(text)
              + ": expected none, auto-augment, trivial-augment or rand-augment(operations,"
              + " magnitude)");
    }
    int operations = number(rand.group(1));
    int magnitude = number(rand.group(2));
    if (operations < 1 || operations > MOST_OPERATIONS || magnitude > MOST_MAGNITUDE) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Cannot parse policy %s: operations are from 1 to %d, the magnitude from 0 to %d",
              Spelling.value(text),
              MOST_OPERATIONS,
              MOST_MAGNITUDE));
    }
    return new AugmentRecipe(Policy.RAND_AUGMENT, operations, magnitude);
  }

  /** One that is too long is out of any range. */
  private static int number(String digits) {
    return digits.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  /** The text that {@link #parse} reads. */
  @Override
  public String toString() {
    return policy == Policy.RAND_AUGMENT
        ? String.format(Locale.ROOT, "rand-augment(%d, %d)", operations, magnitude)
        : Spelling.word(policy);
  }
}
