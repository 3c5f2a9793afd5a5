package dev.kindstead.cli;

import java.util.Collection;
import java.util.Optional;

/** The known word that a misspelt one was probably meant to be. */
final class Suggestion {
  private Suggestion() {}

  /** The nearest word, if it is near: at most a third of its letters, and two at least, differ. */
  static Optional<String> nearest(String word, Collection<String> known) {
    String best = "";
    int bestDistance = Integer.MAX_VALUE;
    for (String each : known) {
      int distance = distance(word, each);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = each;
      }
    }
    return bestDistance <= Math.max(2, best.length() / 3) ? Optional.of(best) : Optional.empty();
  }

  /** Levenshtein's: letters to insert, delete or replace. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
