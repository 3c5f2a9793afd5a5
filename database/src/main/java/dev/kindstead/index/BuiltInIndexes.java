package dev.kindstead.index;

import dev.kindstead.encoding.IndexEntryWriter;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Invariant;
import dev.kindstead.model.Key;
import dev.kindstead.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The indexes every entity has without asking: its kind, and each indexed property (dotted for
 * properties of nested entities), one entry for each distinct element of an array; and, for a few
 * entities chosen by their keys, one in the sample that splits queries ({@link
 * IndexEntryWriter#SCATTER}).
 *
 * <p>Which values those are: {@link IndexedProperties}. This is on the path of every commit.
 */
public final class BuiltInIndexes {
  /** Property entries of one entity, as the API limits them. */
  public static final int ENTRIES_MAX = 20_000;

  private final IndexEntryWriter writer;
  private final List<Found> found = new ArrayList<>();

  private BuiltInIndexes(Key key) {
    this.writer = new IndexEntryWriter(key);
  }

  /**
   * What an update does to the entries.
   *
   * <p>An entry whose multi-valued mark changed is in both lists: removals come before additions.
   */
  public record Difference(List<IndexEntry> removed, List<IndexEntry> added) {}

  /**
   * All entries of an entity with a complete key, in the order of their bytes, each once.
   *
   * @throws DatastoreException INVALID_ARGUMENT when there are more than {@link #ENTRIES_MAX}
   */
  public static List<IndexEntry> entriesOf(Entity entity) {
    Key key = entity.key();
    if (key == null) {
      throw Invariant.broken("an indexed entity has a key");
    }
    BuiltInIndexes indexes = new BuiltInIndexes(key);
    IndexedProperties.visit(entity, indexes::add);
    return indexes.entries();
  }

  /** The key's entry in the sample that splits queries; null for most. */
  public static @Nullable Bytes scatterEntry(Key key) {
    IndexEntryWriter writer = new IndexEntryWriter(key);
    byte[] entry = writer.scatterEntry(writer.kindEntry());
    return entry == null ? null : Bytes.of(entry);
  }

  /** Both lists as {@link #entriesOf} makes them; empty for an entity that is not there. */
  public static Difference difference(List<IndexEntry> before, List<IndexEntry> after) {
    List<IndexEntry> removed = new ArrayList<>();
    List<IndexEntry> added = new ArrayList<>();
    int old = 0;
    int fresh = 0;
    while (old < before.size() && fresh < after.size()) {
      IndexEntry left = before.get(old);
      IndexEntry right = after.get(fresh);
      int order = left.key().compareTo(right.key());
      if (order <= 0) {
        old++;
      }
      if (order >= 0) {
        fresh++;
      }
      boolean same = order == 0 && left.multiValued() == right.multiValued();
      if (order <= 0 && !same) {
        removed.add(left);
      }
      if (order >= 0 && !same) {
        added.add(right);
      }
    }
    removed.addAll(before.subList(old, before.size()));
    added.addAll(after.subList(fresh, after.size()));
    return new Difference(removed, added);
  }

  private void add(String property, Value.Content value) {
    found.add(new Found(Bytes.of(writer.propertyEntry(property, value)), property));
  }

  /** Sorts and removes duplicates; entries of one property are neighbours then. */
  private List<IndexEntry> entries() {
    byte[] kindEntry = writer.kindEntry();
    byte[] scatter = writer.scatterEntry(kindEntry);
    if (scatter != null) {
      found.add(new Found(Bytes.of(scatter), IndexEntryWriter.SCATTER));
    }
    found.sort(null);
    List<IndexEntry> entries = new ArrayList<>(found.size() + 1);
    entries.add(new IndexEntry(Bytes.of(kindEntry), false));
    int next;
    for (int first = 0; first < found.size(); first = next) {
      next = first + 1;
      while (next < found.size() && found.get(next).property.equals(found.get(first).property)) {
        next++;
      }
      addDistinct(entries, first, next);
    }
    int ofProperties = entries.size() - (scatter == null ? 1 : 2);
    if (ofProperties > ENTRIES_MAX) {
      throw DatastoreException.invalidArgument(
          "The entity has too many indexed values: at most %d.".formatted(ENTRIES_MAX));
    }
    return entries;
  }

  /** The entries of one property: found in [first, next). */
  private void addDistinct(List<IndexEntry> entries, int first, int next) {
    boolean multiValued = !found.get(first).key.equals(found.get(next - 1).key);
    for (int i = first; i < next; i++) {
      Bytes key = found.get(i).key;
      if (i == first || !key.equals(found.get(i - 1).key)) {
        entries.add(new IndexEntry(key, multiValued));
      }
    }
  }

  private record Found(Bytes key, String property) implements Comparable<Found> {
    @Override
    public int compareTo(Found other) {
      return key.compareTo(other.key);
    }
  }
}
