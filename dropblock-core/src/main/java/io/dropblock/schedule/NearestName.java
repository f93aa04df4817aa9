package io.dropblock.schedule;

import java.util.Collection;
import java.util.Optional;

/** Finds the name that somebody most likely meant, for error messages. */
public final class NearestName {

  private NearestName() {}

  /**
   * The candidate with the fewest edits from the given name, if it is near enough to be a slip: an
   * edit for every three letters, at least one. Edits are insertion, deletion, substitution and
   * swapping two neighbours (optimal string alignment). The first candidate wins a tie.
   */
  public static Optional<String> of(String name, Collection<String> candidates) {
    String nearest = null;
    int fewest = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int allowed = Math.max(1, Math.max(name.length(), candidate.length()) / 3);
      // A name from outside can be a megabyte long: compare only what can be near.
      if (Math.abs(name.length() - candidate.length()) <= allowed) {
        int edits = edits(name, candidate);
        if (edits <= allowed && edits < fewest) {
          nearest = candidate;
          fewest = edits;
        }
      }
    }
    return Optional.ofNullable(nearest);
  }

  private static int edits(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int substitution = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        edits[i][j] =
            Math.min(
                edits[i - 1][j - 1] + substitution, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}
