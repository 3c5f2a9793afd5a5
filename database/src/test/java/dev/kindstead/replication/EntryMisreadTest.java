package dev.kindstead.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.storage.Space;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A log entry is read back as it was written, or clearly refused. */
final class EntryMisreadTest {
  static final Bytes ID = Bytes.of(new byte[] {1, 2, 3});

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static final List<Change> CHANGES =
      List.of(
          new Change.PutEntity(bytes(1), new EntityRow(bytes(9, 9), 16_383, 7, 0)),
          new Change.DeleteEntity(bytes(2)),
          new Change.PutIndexEntry(bytes(3), 5, true),
          new Change.DeleteIndexEntry(bytes()),
          new Change.PutEntity(bytes(4), new EntityRow(bytes(8), 2, 0, 0), null, true),
          new Change.DeleteIndexEntry(bytes(5), bytes(16, 0, 2)));

  static final List<Command> COMMANDS =
      List.of(
          new Command.ApplyCommit(1L << 60, ID, bytes(4), CHANGES),
          new Command.ApplyCommit(1, null, bytes(), List.of()),
          new Command.Prepare(
              ID,
              3,
              17,
              CHANGES,
              List.of(ID),
              List.of(
                  new Command.ReadRange(Space.CURRENT, bytes(1), bytes()),
                  new Command.ReadRange(Space.INDEX, bytes(1), bytes(2)))),
          new Command.Decide(ID, 18, bytes(5), List.of(0, 16_000)),
          new Command.Resolve(ID, 0),
          new Command.AbortRecord(ID),
          new Command.Forget(ID),
          new Command.CollectGarbage(5),
          new Command.DropOutcomes(ID),
          new Command.TimestampBound(6),
          new Command.ReleaseLease(bytes(4)),
          new Command.RemoveNode("node-1"),
          new Command.ShardTerm(3, 17, "node-4"),
          new Command.PutNode("node-4", new NodePlace("zone-a", 1), true),
          new Command.PutNode("node-5", new NodePlace("", 16), false),
          new Command.IdBlock(7),
          new Command.ReserveIds(List.of(1L, 1L << 51)),
          new Command.DatabaseSettings(new DatabaseId("p", "d"), ConcurrencyMode.PESSIMISTIC),
          new Command.PutIndex(
              new IndexRecord(
                  new IndexDefinition(
                      1L << 50,
                      new DatabaseId("p", "d"),
                      "K",
                      true,
                      List.of(new IndexedProperty("a", true), new IndexedProperty("b", false))),
                  IndexState.DELETING,
                  8,
                  9,
                  ID)),
          new Command.DropIndex(1L << 50),
          new Command.Reset());

  private static final byte[] ENTRY = EntryEncoding.encode(new Entry(3, 300, COMMANDS));

  @Test
  void itComesBack() {
    Entry entry = EntryEncoding.decode(ENTRY);
    assertThat(entry.term()).isEqualTo(3);
    assertThat(entry.sequence()).isEqualTo(300);
    assertThat(entry.commands()).usingRecursiveFieldByFieldElementComparator().isEqualTo(COMMANDS);
  }

  /** Of a log that was written before leaders said what was before a change. */
  @Test
  void itsFirstVersionComesBack() {
    byte[] old = bytes(1, 3, 9, 1, 1, 7, 0, 0, 2, 1, 1, 4, 5, 0, 2, 8, 8, 4, 1, 6);
    assertThat(EntryEncoding.decode(old))
        .usingRecursiveComparison()
        .isEqualTo(
            new Entry(
                3,
                9,
                List.of(
                    new Command.ApplyCommit(
                        7,
                        null,
                        bytes(),
                        List.of(
                            new Change.PutEntity(bytes(4), new EntityRow(bytes(8, 8), 5, 0, 0)),
                            new Change.DeleteIndexEntry(bytes(6)))))));
  }

  /** Nor does it come out as a negative number. */
  @Test
  void whatIsFarTooLongDoesNotLookShort() {
    var deletion = new Change.DeleteEntity(new byte[1 << 20]);
    var command =
        new Command.ApplyCommit(0, null, new byte[0], Collections.nCopies(3_000, deletion));
    assertThat(EntryEncoding.expectedBytes(command)).isGreaterThan(ReplicatedLog.ENTRY_BYTES_MAX);
  }

  @Test
  void aPartIsRefused() {
    for (int length = 0; length < ENTRY.length; length++) {
      byte[] part = Arrays.copyOf(ENTRY, length);
      assertThatThrownBy(() -> EntryEncoding.decode(part))
          .isInstanceOf(CorruptBytesException.class);
    }
  }

  @Test
  void anUnknownVersionTagOrTailIsRefused() {
    byte[] newer = ENTRY.clone();
    newer[0] = 3;
    byte[] longer = Arrays.copyOf(ENTRY, ENTRY.length + 1);
    for (byte[] wrong : List.of(newer, longer, bytes(1, 1, 1, 1, 99))) {
      assertThatThrownBy(() -> EntryEncoding.decode(wrong))
          .isInstanceOf(CorruptBytesException.class);
    }
  }
}
