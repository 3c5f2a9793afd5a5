package dev.kindstead.model;

import org.jspecify.annotations.Nullable;

/**
 * One step of a key's path. Complete with an id other than zero or a name, incomplete with neither.
 *
 * @param id zero when absent
 * @param name null when absent
 */
public record PathElement(String kind, long id, @Nullable String name) {
  public PathElement {
    Invariant.check(id == 0 || name == null, "a path element has an id or a name, not both");
  }

  public static PathElement ofId(String kind, long id) {
    return new PathElement(kind, id, null);
  }

  public static PathElement ofName(String kind, String name) {
    return new PathElement(kind, 0, name);
  }

  public static PathElement incomplete(String kind) {
    return new PathElement(kind, 0, null);
  }

  public boolean isComplete() {
    return id != 0 || name != null;
  }
}
