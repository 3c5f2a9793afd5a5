package dev.kindstead.index;

import dev.kindstead.model.Entity;
import java.util.SortedMap;

/**
 * The indexes every entity has without asking: its kind, and each indexed property (dotted for
 * properties of nested entities), one entry for each distinct element of an array.
 */
public final class BuiltInIndexes {
  private BuiltInIndexes() {}

  /** All entries of an entity, by their bytes in unsigned order; the value says multi-valued. */
  public static SortedMap<byte[], Boolean> entriesOf(Entity entity) {
    throw new UnsupportedOperationException();
  }
}
