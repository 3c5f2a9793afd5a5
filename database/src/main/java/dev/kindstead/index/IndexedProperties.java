package dev.kindstead.index;

import dev.kindstead.model.Entity;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.EntityValue;
import java.util.function.BiConsumer;

/**
 * What of an entity is indexed: each value that is not excluded, under its property's name, dotted
 * for properties of nested entities; of an array each element. An excluded value has nothing, nor
 * has anything inside it; empty arrays and entity values as themselves have nothing.
 */
public final class IndexedProperties {
  private IndexedProperties() {}

  /**
   * @param found called with the property's name and a value that is neither an entity nor an array
   */
  static void visit(Entity entity, BiConsumer<String, Value.Content> found) {
    visit(entity, "", found);
  }

  private static void visit(Entity entity, String prefix, BiConsumer<String, Value.Content> found) {
    entity
        .properties()
        .forEach((name, value) -> visit(prefix.isEmpty() ? name : prefix + name, value, found));
  }

  /**
   * The same of one property's value.
   *
   * @param property its name
   */
  public static void visit(String property, Value value, BiConsumer<String, Value.Content> found) {
    if (value.excludeFromIndexes()) {
      return;
    }
    switch (value.content()) {
      case EntityValue nested -> visit(nested.entity(), property + ".", found);
      case ArrayValue array -> array.values().forEach(element -> visit(property, element, found));
      default -> found.accept(property, value.content());
    }
  }
}
