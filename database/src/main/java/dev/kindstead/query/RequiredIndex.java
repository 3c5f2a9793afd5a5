package dev.kindstead.query;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.model.Code;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.query.Query.Order;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The composite index that the original wants for one alternative of a query: the properties of its
 * equality filters by name, then its orders. Immutable.
 */
public record RequiredIndex(String kind, boolean ancestor, List<IndexedProperty> properties) {
  /** What YAML takes as it is, but for {@link #YAML_WORDS}. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

  /** What readers of YAML, old ones too, take for something else than a text. */
  private static final Set<String> YAML_WORDS =
      Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

  /** One for each alternative of the filter that needs one. */
  static List<RequiredIndex> of(Rows rows) {
    String kind = rows.query().kind();
    return kind == null
        ? List.of()
        : rows.conjunctions().stream()
            .filter(each -> isRequired(rows.ordering(), each))
            .map(each -> of(kind, rows.ordering(), each))
            .distinct()
            .toList();
  }

  static RequiredIndex of(String kind, Ordering ordering, Conjunction conjunction) {
    List<IndexedProperty> properties = new ArrayList<>();
    conjunction
        .properties()
        .forEach((name, condition) -> {
          if (!condition.equals().isEmpty()) {
            properties.add(new IndexedProperty(name, false));
          }
        });
    List<Order> suffix = suffix(ordering, conjunction);
    for (Order order : suffix.subList(0, suffix.size() - 1)) {
      properties.add(new IndexedProperty(order.property(), order.descending()));
    }
    boolean byKey = suffix.getLast().descending();
    if (byKey != (!properties.isEmpty() && properties.getLast().descending())) {
      properties.add(new IndexedProperty(IndexDefinition.KEY, byKey));
    }
    return new RequiredIndex(kind, conjunction.ancestor() != null && suffix.size() > 1, properties);
  }

  /**
   * Whether the built-in indexes do not do: two orders, an order beside an equality filter or an
   * ancestor, or a descending order of keys.
   */
  static boolean isRequired(Ordering ordering, Conjunction conjunction) {
    List<Order> suffix = suffix(ordering, conjunction);
    return switch (suffix.size()) {
      case 1 -> suffix.getFirst().descending();
      case 2 ->
          conjunction.hasEqualities()
              || conjunction.ancestor() != null
              || suffix.getFirst().descending() != suffix.getLast().descending();
      default -> true;
    };
  }

  private static List<Order> suffix(Ordering ordering, Conjunction conjunction) {
    return ordering.orders().stream()
        .filter(order -> !conjunction.isConstant(order.property()))
        .toList();
  }

  DatastoreException missing() {
    return new DatastoreException(
        Code.FAILED_PRECONDITION, "no matching index found. recommended index is:\n" + yaml());
  }

  /** As an entry of {@code index.yaml}. */
  public String yaml() {
    StringBuilder yaml = new StringBuilder("- kind: ").append(quoted(kind)).append('\n');
    if (ancestor) {
      yaml.append("  ancestor: yes\n");
    }
    yaml.append("  properties:\n");
    for (IndexedProperty property : properties) {
      yaml.append("  - name: ").append(quoted(property.name())).append('\n');
      if (property.descending()) {
        yaml.append("    direction: desc\n");
      }
    }
    return yaml.toString();
  }

  /** A name is the client's: it must not become lines of the file. */
  private static String quoted(String name) {
    if (PLAIN.matcher(name).matches() && !YAML_WORDS.contains(name.toLowerCase(Locale.ROOT))) {
      return name;
    }
    var yaml = new StringBuilder("\"");
    name.codePoints()
        .forEach(each -> {
          if (each == '"' || each == '\\') {
            yaml.append('\\').appendCodePoint(each);
          } else if ((each >= ' ' && each <= '~') || Character.isLetterOrDigit(each)) {
            yaml.appendCodePoint(each);
          } else {
            yaml.append("\\U%08X".formatted(each));
          }
        });
    return yaml.append('"').toString();
  }
}
