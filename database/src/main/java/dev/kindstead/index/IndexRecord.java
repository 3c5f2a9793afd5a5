package dev.kindstead.index;

import dev.kindstead.model.Bytes;

/**
 * What a replica group remembers of an index. In the system group it tells how the index as a whole
 * stands, in a shard's group how far this shard is with it. Immutable.
 *
 * @param createTime when it was asked for, microseconds
 * @param changeTime since when it is in its state, microseconds; of a READY one the time from which
 *     snapshots have all entries
 * @param progress of a shard's work: the last entry of a kind that was looked at, empty for none
 */
public record IndexRecord(
    IndexDefinition definition,
    IndexState state,
    long createTime,
    long changeTime,
    Bytes progress) {

  public long id() {
    return definition.id();
  }

  /** Whether commits must write its entries. */
  public boolean isMaintained() {
    return state == IndexState.CREATING || state == IndexState.READY;
  }

  public IndexRecord in(IndexState next, long time) {
    return new IndexRecord(definition, next, createTime, time, Bytes.EMPTY);
  }

  public IndexRecord upTo(Bytes entry) {
    return new IndexRecord(definition, state, createTime, changeTime, entry);
  }
}
