package dev.kindstead.simulation;

import dev.kindstead.index.BuiltInIndexes;
import dev.kindstead.index.CompositeIndexes;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Judges whether a shard holds the index entries of its entities, no fewer and no more. Confined to
 * one thread.
 */
final class IndexAgreement {
  private final List<IndexDefinition> indexes;
  private final Set<Bytes> expected = new TreeSet<>();
  private final Set<Bytes> found = new TreeSet<>();

  /**
   * @param indexes the composite ones that have all their entries
   */
  IndexAgreement(List<IndexDefinition> indexes) {
    this.indexes = indexes;
  }

  void addEntity(Entity entity) {
    BuiltInIndexes.entriesOf(entity).forEach(entry -> expected.add(entry.key()));
    List<IndexDefinition> ofKind =
        indexes.stream().filter(index -> index.kind().equals(Lists.kind(entity))).toList();
    CompositeIndexes.entriesOf(entity, ofKind).forEach(entry -> expected.add(entry.key()));
  }

  void addEntry(Bytes entry) {
    found.add(entry);
  }

  /** One line each. */
  List<String> disagreements() {
    List<String> disagreements = new ArrayList<>();
    for (Bytes entry : expected) {
      if (!found.contains(entry)) {
        disagreements.add("misses index entry " + entry);
      }
    }
    for (Bytes entry : found) {
      if (!expected.contains(entry)) {
        disagreements.add("has an index entry of nothing: " + entry);
      }
    }
    return disagreements;
  }
}
