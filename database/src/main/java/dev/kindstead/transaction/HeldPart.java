package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Command.ReadRange;
import dev.kindstead.replication.PrepareEncoding;
import dev.kindstead.storage.Change;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One shard's part of a commit over several shards: latched, validated and evaluated, waiting for
 * the others.
 *
 * @param term in which the shard's leader latched it: another term's leader may have let others in
 * @param sinceNanos when it was latched here, by the monotonic clock
 */
record HeldPart(
    Bytes transaction,
    long term,
    Holder holder,
    Set<Bytes> writtenKeys,
    Set<Bytes> readKeys,
    List<ReadRange> readRanges,
    Evaluated evaluated,
    long sinceNanos) {

  /** How long {@link #prepare} is in the log, roughly. */
  int bytes() {
    return PrepareEncoding.expectedBytes(evaluated.changes(), readKeys, readRanges);
  }

  /** What the log is to hold of it. */
  Prepare prepare(int coordinatorSlot, long timestamp) {
    return new Prepare(
        transaction,
        coordinatorSlot,
        timestamp,
        evaluated.changes(),
        List.<Bytes>copyOf(readKeys),
        readRanges);
  }

  /** As the log tells it to a new leader. */
  static HeldPart recovered(Prepare prepare, long term, long nowNanos) {
    var written = new LinkedHashSet<Bytes>();
    for (Change change : prepare.changes()) {
      if (change instanceof Change.PutEntity put) {
        written.add(Bytes.of(put.key()));
      } else if (change instanceof Change.DeleteEntity delete) {
        written.add(Bytes.of(delete.key()));
      }
    }
    var holder = new Holder(prepare.prepareTime());
    holder.setIntent();
    holder.setProposed(true);
    holder.changes().add(prepare.changes());
    return new HeldPart(
        prepare.transaction(),
        term,
        holder,
        written,
        new LinkedHashSet<>(prepare.readKeys()),
        prepare.readRanges(),
        new Evaluated(prepare.changes(), List.of(), 0, 0),
        nowNanos);
  }
}
