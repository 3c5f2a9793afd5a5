package dev.kindstead.query;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.model.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a range is a range of, for people: words are made only when somebody asks. Immutable.
 *
 * @param kind of a kind's index; null for others
 * @param property of a built-in index; null for others
 * @param composite null for others; with all three null it is the entities themselves
 * @param equal values that the prefix fixes
 */
record IndexSource(
    @Nullable String kind,
    @Nullable String property,
    @Nullable IndexDefinition composite,
    List<Bytes> equal) {
  static final IndexSource ENTITIES = new IndexSource(null, null, null, List.of());

  /** Whether it holds only what stands under one ancestor. */
  boolean isOfAncestor() {
    return composite != null && composite.ancestor();
  }

  /** As explanations call it. */
  IndexUse use(boolean reverse) {
    return composite == null ? IndexUse.builtIn(property, reverse) : IndexUse.of(composite);
  }

  @Override
  public String toString() {
    if (kind != null) {
      return "kind " + kind;
    }
    String name =
        composite != null
            ? "index " + composite
            : property != null ? "index of " + property : "entities";
    StringBuilder text = new StringBuilder(name);
    for (int i = 0; i < equal.size(); i++) {
      text.append(i == 0 ? " = " : ", ").append(equal.get(i));
    }
    return text.toString();
  }
}
