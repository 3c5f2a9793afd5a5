package dev.kindstead.service;

import dev.kindstead.query.RequiredIndex;
import java.util.List;

/**
 * Hears which composite indexes the queries would need in a strict database. Thread-safe, quick.
 */
@FunctionalInterface
public interface IndexWishes {
  /** For whoever does not want to know. */
  IndexWishes UNHEARD = _ -> {};

  void note(List<RequiredIndex> indexes);
}
