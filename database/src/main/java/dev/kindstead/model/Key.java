package dev.kindstead.model;

import java.util.ArrayList;
import java.util.List;

/**
 * An entity's name: a partition and a path from its root. Only the last element may be incomplete.
 */
public record Key(PartitionId partition, List<PathElement> path) {
  public Key {
    path = List.copyOf(path);
    Invariant.check(!path.isEmpty(), "a key has at least one path element");
  }

  public PathElement root() {
    return path.getFirst();
  }

  public PathElement last() {
    return path.getLast();
  }

  public String kind() {
    return last().kind();
  }

  public boolean isComplete() {
    return last().isComplete();
  }

  /** This key with its incomplete last element completed by {@code id}. */
  public Key withId(long id) {
    var completed = new ArrayList<>(path);
    completed.set(path.size() - 1, PathElement.ofId(kind(), id));
    return new Key(partition, completed);
  }
}
