package dev.kindstead.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard's versioned state over an {@link OrderedStore}: current rows apart from history (design
 * D5).
 *
 * <p>Thread rule: {@link #stage} and {@link #stageCollection} from the shard's applying thread;
 * reads from any thread.
 */
public final class VersionedStore {
  private final OrderedStore store;

  public VersionedStore(OrderedStore store) {
    this.store = store;
  }

  public OrderedStore store() {
    return store;
  }

  /** The newest applied version of an entity. */
  public @Nullable EntityRow current(byte[] entityKey) {
    throw new UnsupportedOperationException();
  }

  /** Adds to {@code writes} all that a commit at {@code timestamp} changes, history included. */
  public void stage(WriteSet writes, long timestamp, List<Change> changes) {
    throw new UnsupportedOperationException();
  }

  /** To be called after the staged writes were written: what is now visible. */
  public void applied(long timestamp, List<Change> changes) {
    throw new UnsupportedOperationException();
  }

  /** The timestamp of the last applied commit, zero before the first. */
  public long lastApplied() {
    throw new UnsupportedOperationException();
  }

  /**
   * The state at {@code timestamp}; the caller has made sure that every commit at or below it is
   * applied. FAILED_PRECONDITION when it lies below the garbage collection threshold.
   */
  public Snapshot snapshot(long timestamp) {
    throw new UnsupportedOperationException();
  }

  /** The newest applied state; its timestamp is that of the last applied commit. */
  public Snapshot latest() {
    throw new UnsupportedOperationException();
  }

  /** Whether an entity in [from, until) was written or deleted after {@code since}. */
  public boolean entitiesChangedSince(byte[] from, byte[] until, long since) {
    throw new UnsupportedOperationException();
  }

  /** Whether an index entry in [from, until) was added or removed after {@code since}. */
  public boolean indexChangedSince(byte[] from, byte[] until, long since) {
    throw new UnsupportedOperationException();
  }

  /** Adds to {@code writes} the removal of all history superseded below {@code threshold}. */
  public void stageCollection(WriteSet writes, long threshold) {
    throw new UnsupportedOperationException();
  }

  /** Snapshots below this timestamp are refused; zero before the first collection. */
  public long collectionThreshold() {
    throw new UnsupportedOperationException();
  }
}
