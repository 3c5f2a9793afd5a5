package dev.kindstead.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of texts in columns as wide as their longest text. Confined to one thread. */
final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... titles) {
    rows.add(List.of(titles));
  }

  /** Adds a row of as many texts as there are titles; an empty one is shown as a hyphen. */
  void add(String... texts) {
    rows.add(List.of(texts).stream().map(each -> each.isEmpty() ? "-" : each).toList());
  }

  String text() {
    List<String> titles = rows.getFirst();
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < titles.size(); column++) {
        String cell = row.get(column);
        line.append(cell).append(" ".repeat(width(column) - cell.length())).append(GAP);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
