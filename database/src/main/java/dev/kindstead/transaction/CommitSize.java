package dev.kindstead.transaction;

import dev.kindstead.index.IndexEntry;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.replication.Command;
import dev.kindstead.replication.EntryEncoding;
import dev.kindstead.replication.ReplicatedLog;
import dev.kindstead.storage.Change;
import java.util.List;

/**
 * How much goes into one log entry, which can't be cut into several.
 *
 * <p><b>Invariant.</b> What is written can be deleted: an entity has no more entries, in all
 * indexes, than a deletion can name.
 */
final class CommitSize {
  /** What one commit may add to an entry, which also holds others. */
  private static final int COMMIT_BYTES_MAX = ReplicatedLog.ENTRY_BYTES_MAX - (4 << 20);

  /** The same of one that deletes only, since nothing smaller can be done instead. */
  private static final int DELETION_BYTES_MAX = ReplicatedLog.ENTRY_BYTES_MAX - (2 << 20);

  private CommitSize() {}

  /** INVALID_ARGUMENT when what a commit adds to one entry may not fit. */
  static void check(long bytes) {
    check(bytes, COMMIT_BYTES_MAX);
  }

  /** The answer counts, for the log keeps it in the same entry. */
  static void check(List<Change> changes, long answerBytes, boolean onlyDeletes) {
    var command = new Command.ApplyCommit(0, null, new byte[0], changes);
    check(
        EntryEncoding.expectedBytes(command) + answerBytes,
        onlyDeletes ? DELETION_BYTES_MAX : COMMIT_BYTES_MAX);
  }

  private static void check(long bytes, int most) {
    if (bytes > most) {
      throw DatastoreException.invalidArgument(
          "the commit with its index entries and its answer is larger than %d bytes"
              .formatted(most));
    }
  }

  /** Whether an entity has more bytes of index entries than may be put. */
  static boolean isTooMuch(long entryBytes) {
    return entryBytes > COMMIT_BYTES_MAX;
  }

  static DatastoreException tooMuch() {
    return DatastoreException.invalidArgument(
        "the index entries of the entity are larger than %d bytes".formatted(COMMIT_BYTES_MAX));
  }

  /**
   * Whether a deletion has room for so many bytes of composite entries, whatever the built-in ones.
   */
  static boolean isRoomFor(long compositeBytes) {
    return compositeBytes <= DELETION_BYTES_MAX - COMMIT_BYTES_MAX;
  }

  /** How long index entries are in the log, roughly. */
  static long bytesOf(List<IndexEntry> entries) {
    long bytes = 0;
    for (IndexEntry entry : entries) {
      bytes += EntryEncoding.expectedBytesOfIndexEntry(entry.key().size());
    }
    return bytes;
  }
}
