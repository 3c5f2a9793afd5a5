package dev.kindstead.replication;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kindstead.model.Bytes;
import dev.kindstead.replication.Command.ApplyCommit;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Command.Resolve;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.VersionedStore;
import dev.kindstead.storage.WriteSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A node that was updated finds entries in its log, and intents in its store, whose leader did not
 * say what was before a change: it comes to the same state as one that applied them before.
 */
final class FormerFormatTest {
  private static final Bytes TRANSACTION = Bytes.of(new byte[] {7});
  private static final byte[] KEY = {1};
  private static final byte[] ENTRY = {2};

  private final Member former = new Member();
  private final Member told = new Member();

  private static final class Member implements ReplicaListener {
    final MemoryStore store = new MemoryStore();
    VersionedStore versioned = new VersionedStore(store);
    Replica replica = new Replica(versioned, this);

    void restart() {
      versioned = new VersionedStore(store);
      replica = new Replica(versioned, this);
    }

    @Override
    public void leaderStarted(long term, List<Prepare> intents) {}

    @Override
    public void leaderStopped(long term) {}

    @Override
    public void termBegan(long term) {}

    @Override
    public void failed(Throwable cause) {}
  }

  private static void apply(Member member, long logIndex, int version, Command command) {
    byte[] bytes = EntryEncoding.encode(new Entry(1, logIndex, List.of(command)));
    assertThat(bytes[0]).isEqualTo((byte) 2);
    bytes[0] = (byte) version;
    member.replica.apply(List.of(new LogEntry(logIndex, 1, bytes)));
  }

  private static Command commit(long timestamp, Change... changes) {
    return new ApplyCommit(timestamp, null, new byte[0], List.of(changes));
  }

  private static Prepare prepare(Change... changes) {
    return new Prepare(TRANSACTION, 0, 15, List.of(changes), List.of(), List.of());
  }

  private static EntityRow row(int value) {
    return new EntityRow(new byte[] {(byte) value}, 7, 0, 0);
  }

  private byte[] entry() {
    return requireNonNull(told.versioned.indexEntry(ENTRY));
  }

  private void begin() {
    var added = new Change.PutIndexEntry(ENTRY, 7, false);
    apply(former, 1, 1, commit(10, new Change.PutEntity(KEY, row(1)), added));
    apply(told, 1, 2, commit(10, new Change.PutEntity(KEY, row(1), null, true), added));
  }

  private void compare() {
    assertThat(StoredRows.of(former.store)).isEqualTo(StoredRows.of(told.store));
    assertThat(requireNonNull(former.versioned.snapshot(15).entity(KEY)).entity())
        .containsExactly(1);
  }

  @Test
  void anEntry() {
    begin();
    apply(former, 2, 1, commit(20, put(), new Change.DeleteIndexEntry(ENTRY)));
    apply(told, 2, 2, commit(20, put(), new Change.DeleteIndexEntry(ENTRY, entry())));
    compare();
  }

  @Test
  void anIntentInTheLog() {
    begin();
    apply(former, 2, 1, prepare(put(), new Change.DeleteIndexEntry(ENTRY)));
    apply(told, 2, 2, prepare(put(), new Change.DeleteIndexEntry(ENTRY, entry())));
    resolve();
    compare();
  }

  @Test
  void anIntentInTheStore() {
    begin();
    apply(former, 2, 1, prepare(put(), new Change.DeleteIndexEntry(ENTRY)));
    apply(told, 2, 2, prepare(put(), new Change.DeleteIndexEntry(ENTRY, entry())));
    byte[] key = StateKeys.prepared(TRANSACTION);
    byte[] intent = requireNonNull(former.store.get(Space.TRANSACTION, key)).clone();
    intent[0] = 1;
    var writes = new WriteSet();
    writes.put(Space.TRANSACTION, key, intent);
    former.store.write(writes);
    former.restart();
    told.restart();
    resolve();
    compare();
  }

  private static Change put() {
    return new Change.PutEntity(KEY, row(2));
  }

  private void resolve() {
    apply(former, 3, 1, new Resolve(TRANSACTION, 20));
    apply(told, 3, 2, new Resolve(TRANSACTION, 20));
  }
}
