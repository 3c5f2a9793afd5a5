package dev.kindstead.storage;

import dev.kindstead.model.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes that take effect together, in this order. It remembers what it last did to each key, since
 * a later commit of the same set builds on the earlier ones before anything is written. Confined to
 * one thread.
 */
public final class WriteSet {
  /** One write. */
  public sealed interface Write {
    Space space();

    byte[] key();
  }

  public record Put(Space space, byte[] key, byte[] value) implements Write {}

  public record Delete(Space space, byte[] key) implements Write {}

  /** Deletes a key that was put exactly once since it was last deleted: cheaper to compact away. */
  public record SingleDelete(Space space, byte[] key) implements Write {}

  /** Deletes every key from {@code key} up to, not including, {@code until}. */
  public record DeleteRange(Space space, byte[] key, byte[] until) implements Write {}

  private final List<Write> writes = new ArrayList<>();
  private final Map<Bytes, Write> latestCurrent = new HashMap<>();
  private final Map<Bytes, Write> latestIndex = new HashMap<>();

  /** Every commit of a set writes the same few keys here: only the last write counts. */
  private final Map<Bytes, Integer> positionInMeta = new HashMap<>();

  /** Of CURRENT, as the store has them. */
  private final Map<Bytes, byte[]> known = new HashMap<>();

  private boolean rowsCleared;

  /**
   * What the store has in CURRENT under the keys of these changes need not be read, where it is
   * said in them.
   */
  public void know(List<Change> changes) {
    for (Change change : changes) {
      if (change instanceof Change.PutEntity put && put.before() != null) {
        known.put(Bytes.of(put.key()), Rows.encode(put.before()));
      }
    }
  }

  public void put(Space space, byte[] key, byte[] value) {
    add(new Put(space, key, value));
  }

  public void delete(Space space, byte[] key) {
    add(new Delete(space, key));
  }

  public void singleDelete(Space space, byte[] key) {
    add(new SingleDelete(space, key));
  }

  /** Deletes every key in [from, until), empty meaning no bound; of HISTORY or TRANSACTION. */
  public void deleteRange(Space space, byte[] from, byte[] until) {
    writes.add(new DeleteRange(space, from, until));
  }

  /** Deletes every key of CURRENT, INDEX and HISTORY. */
  void clearRows() {
    for (Space space : new Space[] {Space.CURRENT, Space.INDEX, Space.HISTORY}) {
      writes.add(new DeleteRange(space, new byte[0], new byte[0]));
    }
    latestCurrent.clear();
    latestIndex.clear();
    rowsCleared = true;
  }

  public List<Write> writes() {
    return writes;
  }

  public boolean isEmpty() {
    return writes.isEmpty();
  }

  /**
   * What is at {@code key} in CURRENT or INDEX once these writes are on top of the store.
   *
   * @return null when nothing is
   */
  byte @Nullable [] get(OrderedStore store, Space space, byte[] key) {
    Bytes wanted = Bytes.of(key);
    Write latest = (space == Space.CURRENT ? latestCurrent : latestIndex).get(wanted);
    if (latest != null) {
      return latest instanceof Put put ? put.value() : null;
    }
    if (rowsCleared) {
      return null;
    }
    byte[] row = space == Space.CURRENT ? known.get(wanted) : null;
    assert row == null || Arrays.equals(row, store.get(space, key));
    return row == null ? store.get(space, key) : row;
  }

  private void add(Write write) {
    switch (write.space()) {
      case CURRENT -> latestCurrent.put(Bytes.of(write.key()), write);
      case INDEX -> latestIndex.put(Bytes.of(write.key()), write);
      case META -> {
        Integer earlier = positionInMeta.put(Bytes.of(write.key()), writes.size());
        if (earlier != null) {
          writes.set(earlier, write);
          positionInMeta.put(Bytes.of(write.key()), earlier);
          return;
        }
      }
      case HISTORY, TRANSACTION -> {}
    }
    writes.add(write);
  }
}
