package dev.kindstead.query;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.IndexNames;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.ReadSession;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The distinct names at the front of the index entries of some shards, found by seeking past each:
 * the cost is a seek for each name and shard, whatever the number of entries. Confined to one
 * thread.
 */
final class MetadataNames {
  /** The head of a shard that has no further name; no entry is empty. */
  private static final byte[] ENDED = new byte[0];

  private final ReadSession session;
  private final int[] shards;
  private final byte[] until;
  private final Budget budget;

  /** For each shard the first entry at or behind the last place; null before the first seek. */
  private final byte[] @Nullable [] heads;

  MetadataNames(ReadSession session, int[] shards, byte[] prefix, Budget budget) {
    this.session = session;
    this.shards = shards;
    this.budget = budget;
    until = ByteOrder.afterPrefix(prefix);
    heads = new byte[shards.length][];
  }

  /** The first entry of any shard at or behind {@code place}, which never moves back. */
  byte @Nullable [] first(byte[] place) throws Budget.Spent {
    byte[] first = null;
    for (int i = 0; i < shards.length; i++) {
      byte[] head = heads[i];
      if (head == null || (head.length > 0 && Arrays.compareUnsigned(head, place) < 0)) {
        head = entry(shards[i], place, until);
        heads[i] = head;
      }
      if (head.length > 0 && (first == null || Arrays.compareUnsigned(head, first) < 0)) {
        first = head;
      }
    }
    return first;
  }

  /** The types of the values in a property's entries. */
  Set<String> representations(byte[] propertyPrefix) throws Budget.Spent {
    Set<String> found = new HashSet<>();
    byte[] end = ByteOrder.afterPrefix(propertyPrefix);
    for (int shard : shards) {
      byte[] place = propertyPrefix;
      byte[] entry = entry(shard, place, end);
      while (entry.length > 0) {
        int at = propertyPrefix.length;
        found.add(IndexNames.representation(entry, at));
        place = IndexNames.afterType(entry, at);
        entry = entry(shard, place, end);
      }
    }
    return found;
  }

  private byte[] entry(int shard, byte[] from, byte[] end) throws Budget.Spent {
    budget.spend();
    if (Arrays.compareUnsigned(from, end) >= 0) {
      return ENDED;
    }
    try (Snapshot.IndexScan scan = session.shard(shard).indexEntries(from, end, false)) {
      return scan.isValid() ? scan.key() : ENDED;
    }
  }
}
