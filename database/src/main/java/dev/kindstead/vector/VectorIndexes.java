package dev.kindstead.vector;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.encoding.EntrySuffix;
import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.encoding.VectorReader;
import dev.kindstead.environment.Clock;
import dev.kindstead.environment.Timers;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Key;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Snapshot;
import dev.kindstead.transaction.ReadSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Graphs of the vectors that exact searches had to look at too many of. A graph is made in the
 * background, in pages with rests as long as the work, and brought up to date when much has
 * changed; until it is there, and whenever it cannot serve, the search is exact.
 *
 * <p>Thread-safe; the work is done on the injected executor.
 */
public final class VectorIndexes implements AutoCloseable {
  /** Vectors from which on looking at all of them is slow. */
  public static final int VECTORS_MIN = 5_000;

  /** Memory of all graphs together, in numbers of 4 bytes. */
  static final long FLOATS_MAX = 64L << 20;

  /** Changed entities that a search looks at beside the graph; above, it is exact. */
  static final int CHANGES_SEARCHED_MAX = 20_000;

  /** Changed entities from which on the graph is brought up to date. */
  static final int CHANGES_REFRESHED_MIN = 200;

  /** Entities read in one step. */
  static final int PAGE = 200;

  /** A graph that nobody asks for goes. */
  static final Duration UNUSED_MAX = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(VectorIndexes.class);

  /** What there is of one space. */
  private static final class Slot {
    private final VectorSpace space;

    /** One thread fills a graph at a time. */
    private final AtomicBoolean filling = new AtomicBoolean();

    /** Null until it is whole, and when these vectors cannot be in one. */
    private volatile @Nullable VectorGraph graph;

    private volatile long usedNanos;
    private volatile long floats;

    Slot(VectorSpace space) {
      this.space = space;
    }
  }

  private final IntFunction<CompletableFuture<ReadSession>> shards;
  private final Clock clock;
  private final Timers timers;
  private final Executor executor;
  private final Map<VectorSpace, Slot> slots = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param shards opens a strong read of a shard
   * @param executor whose threads may wait for the disk
   */
  public VectorIndexes(
      IntFunction<CompletableFuture<ReadSession>> shards,
      Clock clock,
      Timers timers,
      Executor executor) {
    this.shards = shards;
    this.clock = clock;
    this.timers = timers;
    this.executor = executor;
  }

  /**
   * Paths of entities among which are most of the nearest, and all that changed lately; null when
   * only an exact search serves.
   */
  public @Nullable Set<Bytes> candidates(
      VectorSpace space, Snapshot snapshot, double[] target, int most) {
    Slot slot = slots.get(space);
    VectorGraph graph = slot == null ? null : slot.graph;
    if (slot == null || graph == null) {
      return null;
    }
    slot.usedNanos = clock.monotonicNanos();
    long since = Math.min(graph.timestamp(), snapshot.timestamp());
    Set<Bytes> changed = changed(space, snapshot, since);
    if (changed == null) {
      if (since == graph.timestamp()) {
        slots.remove(space, slot);
      }
      return null;
    }
    if (changed.size() >= CHANGES_REFRESHED_MIN) {
      refresh(slot, graph);
    }
    if (changed.size() > CHANGES_SEARCHED_MAX) {
      return null;
    }
    // Those would take the places of others though they may be gone, or far away by now.
    List<Bytes> found = graph.nearest(target, most, changed);
    // After the search: what the graph has taken up meanwhile is among what has changed by now.
    Set<Bytes> all = changed(space, snapshot, since);
    if (all == null || found.stream().anyMatch(all::contains)) {
      return null;
    }
    all.addAll(found);
    return all;
  }

  /**
   * Tells of an exact search, so that the next ones need not be.
   *
   * @param vectors that were looked at, on all shards together
   */
  public void searched(VectorSpace space, int vectors) {
    if (vectors < VECTORS_MIN || slots.containsKey(space)) {
      return;
    }
    long now = clock.monotonicNanos();
    slots
        .values()
        .removeIf(slot -> !slot.filling.get() && now - slot.usedNanos > UNUSED_MAX.toNanos());
    var slot = new Slot(space);
    slot.usedNanos = now;
    slot.filling.set(true);
    if (slots.putIfAbsent(space, slot) == null) {
      step(slot, () -> fill(slot, null, new byte[0]));
    }
  }

  /** Whether there is a graph of the space. */
  public boolean isReady(VectorSpace space) {
    Slot slot = slots.get(space);
    return slot != null && slot.graph != null;
  }

  /** Paths of the kind's entities that changed; null when that is not known any more. */
  private static @Nullable Set<Bytes> changed(VectorSpace space, Snapshot snapshot, long since) {
    byte[] prefix = KeyEncoding.partitionPrefix(space.partition());
    Set<Bytes> keys = snapshot.changedSince(since, prefix, ByteOrder.afterPrefix(prefix));
    if (keys == null) {
      return null;
    }
    Set<Bytes> paths = new LinkedHashSet<>();
    for (Bytes each : keys) {
      byte[] row = each.array();
      Key key = KeyEncoding.decodeEntityKey(row);
      if (key.kind().equals(space.kind())) {
        paths.add(Bytes.of(Arrays.copyOfRange(row, prefix.length, row.length)));
      }
    }
    return paths;
  }

  private void step(Slot slot, Runnable work) {
    if (closed) {
      return;
    }
    executor.execute(() -> {
      try {
        work.run();
      } catch (RuntimeException busy) {
        if (!closed) {
          LOG.warn("a graph of vectors is made later", busy);
          slots.remove(slot.space, slot);
        }
      }
    });
  }

  /**
   * Puts one more page of entities into a new graph.
   *
   * @param filled null at first
   * @param last the last of the kind's entries that was read
   */
  private void fill(Slot slot, @Nullable VectorGraph filled, byte[] last) {
    VectorSpace space = slot.space;
    long began = clock.monotonicNanos();
    List<Bytes> paths = new ArrayList<>(PAGE);
    byte[] prefix = IndexKeyEncoding.kindPrefix(space.partition(), space.kind());
    byte[] place = last.length == 0 ? prefix : ByteOrder.after(last);
    try (ReadSession session = shards.apply(space.shard()).join()) {
      Snapshot shard = session.shard(space.shard());
      VectorGraph graph =
          filled == null
              ? new VectorGraph(space.dimensions(), space.measure(), session.readTime())
              : filled;
      byte[] behind = last;
      boolean whole;
      try (Snapshot.IndexScan scan =
          shard.indexEntries(place, ByteOrder.afterPrefix(prefix), false)) {
        for (; scan.isValid() && paths.size() < PAGE; scan.next()) {
          behind = scan.key();
          byte[][] components = EntrySuffix.PATH.split(behind, prefix.length);
          paths.add(Bytes.of(components[0]));
        }
        whole = !scan.isValid();
      }
      if (!put(slot, graph, shard, paths)) {
        return;
      }
      if (whole) {
        slot.graph = graph;
        slot.filling.set(false);
        return;
      }
      byte[] reached = behind;
      timers.schedule(
          Duration.ofNanos(clock.monotonicNanos() - began),
          () -> step(slot, () -> fill(slot, graph, reached)));
    }
  }

  /** Returns false when these vectors cannot be in a graph, or there is no room for them. */
  private boolean put(Slot slot, VectorGraph graph, Snapshot shard, List<Bytes> paths) {
    VectorSpace space = slot.space;
    byte[] prefix = KeyEncoding.partitionPrefix(space.partition());
    List<byte[]> keys =
        paths.stream().map(path -> IndexKeyEncoding.entityKey(prefix, path.array(), 0)).toList();
    List<@Nullable EntityRow> rows = shard.entities(keys);
    var vectors = new VectorReader(space.property(), space.dimensions());
    boolean fits = true;
    for (int i = 0; i < paths.size() && fits; i++) {
      EntityRow row = rows.get(i);
      fits = graph.put(paths.get(i), row == null ? null : vectors.read(row.entity()));
    }
    slot.floats = graph.floats();
    if (!fits || slots.values().stream().mapToLong(each -> each.floats).sum() > FLOATS_MAX) {
      slot.graph = null;
      slot.floats = 0;
      slot.filling.set(false);
      return false;
    }
    return true;
  }

  private void refresh(Slot slot, VectorGraph graph) {
    if (!slot.filling.compareAndSet(false, true)) {
      return;
    }
    step(
        slot,
        () -> {
          VectorSpace space = slot.space;
          try (ReadSession session = shards.apply(space.shard()).join()) {
            Snapshot shard = session.shard(space.shard());
            Set<Bytes> changed = changed(space, shard, graph.timestamp());
            if (changed == null || graph.isMostlyDead()) {
              slots.remove(space, slot);
            } else if (put(slot, graph, shard, List.copyOf(changed))) {
              graph.setTimestamp(session.readTime());
            }
          }
          slot.filling.set(false);
        });
  }

  /** Work ends with the step on its way. */
  @Override
  public void close() {
    closed = true;
  }
}
