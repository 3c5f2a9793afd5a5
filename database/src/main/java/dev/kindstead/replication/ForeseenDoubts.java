package dev.kindstead.replication;

import dev.kindstead.model.Bytes;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.Space;
import java.util.HashSet;
import java.util.Set;

/**
 * Which transactions a replica would hold intents of if all entries of its log were applied,
 * without applying them: nobody has agreed on the last ones yet.
 *
 * <p>Confined to one thread.
 */
public final class ForeseenDoubts {
  private final Set<Bytes> prepared = new HashSet<>();
  private Position position;

  /** Begins with what has been applied. */
  public ForeseenDoubts(OrderedStore store) {
    position = Position.decode(store.get(Space.META, StateKeys.POSITION));
    StoredState.prepared(store).forEach(intent -> prepared.add(intent.transaction()));
  }

  /** The last entry that is already in what is known. */
  public long logIndex() {
    return position.logIndex();
  }

  /** The next entry; by the same rule as {@link Replica#apply} it counts or does not. */
  public void see(LogEntry logEntry) {
    Entry entry = EntryEncoding.decode(logEntry.bytes());
    if (!position.isFollowedBy(entry, logEntry.term())) {
      position = position.afterSkipping(logEntry.logIndex());
      return;
    }
    position = new Position(logEntry.logIndex(), entry.term(), entry.sequence());
    for (Command command : entry.commands()) {
      if (command instanceof Command.Prepare intent) {
        prepared.add(intent.transaction());
      } else if (command instanceof Command.Resolve resolve) {
        prepared.remove(resolve.transaction());
      } else if (command instanceof Command.Reset) {
        prepared.clear();
      }
    }
  }

  public int count() {
    return prepared.size();
  }
}
