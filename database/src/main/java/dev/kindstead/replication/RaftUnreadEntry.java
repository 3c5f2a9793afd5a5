package dev.kindstead.replication;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import com.alipay.sofa.jraft.error.LogEntryCorruptedException;
import java.nio.ByteBuffer;

/**
 * An entry that the disk would not give: its term is known, its content isn't, and whoever asks for
 * that gets an exception.
 *
 * <p>JRaft has terms from whole entries, and takes one that it does not get for term 0. A follower
 * then takes its own entries for another leader's and cuts them off; a leader fails with a
 * follower's lock held, for which everything that holds the node's lock waits ever after.
 */
final class RaftUnreadEntry extends LogEntry {
  private final LogEntryCorruptedException why;

  RaftUnreadEntry(long logIndex, long term, Throwable cause) {
    super(EntryType.ENTRY_TYPE_DATA);
    setId(new LogId(logIndex, term));
    why = new LogEntryCorruptedException("entry " + logIndex + " can't be read", cause);
  }

  @Override
  public ByteBuffer getData() {
    throw why;
  }
}
