package dev.kindstead.model;

import java.util.List;

/**
 * The path to a property or to a property of a nested entity, as in {@code PropertyMask.paths}: the
 * unescaped segments between the dots.
 */
public record PropertyPath(List<String> segments) {
  public PropertyPath {
    segments = List.copyOf(segments);
    Invariant.check(!segments.isEmpty(), "a property path has a segment");
  }
}
