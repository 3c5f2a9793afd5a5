package dev.kindstead.query;

import dev.kindstead.model.Bytes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was worked out of some large entities. A walk meets an entity by every element of its lists;
 * to read it each time would be work by the square of their length. Bounded: what was not used for
 * longest goes. Confined to one thread.
 */
final class Remembered<V> {
  /** Memory of all that is remembered at most. */
  private static final long BYTES_MAX = 4L << 20;

  /** Of what is remembered, beside its own bytes. */
  private static final int BYTES_BESIDE = 200;

  /** Smaller entities have short lists: reading them again costs about as much as a look here. */
  private static final int ENTITY_BYTES_MIN = 4 << 10;

  private record Place(int shard, Bytes path) {}

  private record Kept<V>(V value, long bytes) {}

  private final Map<Place, Kept<V>> all = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  static boolean isWorthwhile(IndexedValues entity) {
    return entity.storedBytes() >= ENTITY_BYTES_MIN;
  }

  @Nullable V get(int shard, byte[] path) {
    Kept<V> kept = all.isEmpty() ? null : all.get(new Place(shard, Bytes.of(path)));
    return kept == null ? null : kept.value();
  }

  void put(int shard, byte[] path, V value, long valueBytes) {
    var kept = new Kept<>(value, valueBytes + path.length + BYTES_BESIDE);
    if (kept.bytes() <= BYTES_MAX) {
      Kept<V> before = all.put(new Place(shard, Bytes.of(path)), kept);
      bytes += kept.bytes() - (before == null ? 0 : before.bytes());
    }
    for (Iterator<Kept<V>> oldest = all.values().iterator(); bytes > BYTES_MAX; ) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }
}
