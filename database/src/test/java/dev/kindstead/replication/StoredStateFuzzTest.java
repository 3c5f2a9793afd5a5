package dev.kindstead.replication;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.kindstead.AnyBytes;
import dev.kindstead.Corpus;
import dev.kindstead.encoding.CorruptBytesException;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Command.PutIndex;
import dev.kindstead.storage.MemoryStore;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.Space;
import dev.kindstead.storage.WriteSet;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.ArgumentsSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What replication keeps in META and TRANSACTION: any bytes are that or corrupt. */
final class StoredStateFuzzTest {
  private static final AnyBytes BYTES = AnyBytes.refusedWith(CorruptBytesException.class);

  /** A value and who reads it, or what comes behind a key's prefix, and who reads that. */
  private record Kind(
      Space space, byte[] key, boolean longerKey, Function<OrderedStore, ?> reader) {
    static Kind value(Space space, byte[] key, Function<OrderedStore, ?> reader) {
      return new Kind(space, key, false, reader);
    }

    static Kind key(Space space, byte[] prefix, Function<OrderedStore, ?> reader) {
      return new Kind(space, prefix, true, reader);
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          Kind.value(
              Space.TRANSACTION,
              StateKeys.outcome(EntryMisreadTest.ID),
              store -> StoredState.outcome(store, EntryMisreadTest.ID)),
          Kind.value(
              Space.TRANSACTION,
              StateKeys.decision(EntryMisreadTest.ID),
              store -> List.of(StoredState.decisions(store))),
          Kind.value(
              Space.TRANSACTION, StateKeys.prepared(EntryMisreadTest.ID), StoredState::prepared),
          Kind.value(Space.META, StateKeys.index(5), StoredState::indexes),
          Kind.value(Space.META, StateKeys.TIMESTAMP_BOUND, StoredState::timestampBound),
          Kind.value(Space.META, StateKeys.ID_BLOCK, StoredState::idBlock),
          Kind.value(Space.META, StateKeys.lastSequence(7), StoredState::lastSequences),
          Kind.value(
              Space.META,
              StateKeys.POSITION,
              store -> Position.decode(store.get(Space.META, StateKeys.POSITION))),
          Kind.key(Space.META, StateKeys.LAST_SEQUENCES, StoredState::lastSequences),
          Kind.key(Space.META, StateKeys.DATABASES, StoredState::databaseModes),
          Kind.key(Space.META, StateKeys.REMOVED_NODES, StoredState::removedNodes),
          Kind.key(
              Space.TRANSACTION,
              StateKeys.RESERVED_IDS,
              store -> StoredState.reservedIds(store, 0, -1)),
          Kind.value(Space.META, StateKeys.OUTCOMES_DROPPED, StoredState::outcomesDropped));

  /** Which kind, then its bytes. */
  static Stream<byte[]> stored() {
    return Stream.of(
        of(0, new StoredOutcome.Committed(5, new byte[] {1}).encode()),
        of(0, new StoredOutcome.Aborted().encode()),
        of(1, StoredState.encodeDecision(5, List.of(0, 16_383))),
        of(2, StoredState.encodePrepared(sample(Prepare.class))),
        of(3, StoredState.encodeIndex(sample(PutIndex.class).index())),
        of(4, StoredState.encodeNumber(1_700_000_000_000_000L)),
        of(5, StoredState.encodeNumber(1)),
        of(6, StoredState.encodeNumber(300)),
        of(7, new Position(9, 3, 7).encode()),
        of(8, new EntryWriter(8).writeFixed64(7).toBytes()),
        of(9, new EntryWriter(8).writeString("p").writeString("d").toBytes()),
        of(10, new byte[] {'n'}),
        of(11, new EntryWriter(8).writeFixed64(7).toBytes()),
        of(12, StoredState.encodeDropped(EntryMisreadTest.ID)));
  }

  private static byte[] of(int kind, byte[] bytes) {
    var all = new ByteArrayOutputStream();
    all.write(kind);
    all.writeBytes(bytes);
    return all.toByteArray();
  }

  private static <T> T sample(Class<T> type) {
    return EntryMisreadTest.COMMANDS.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  @MethodSource("stored")
  @ArgumentsSource(Corpus.class)
  @FuzzTest
  void state(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    Kind kind = KINDS.get((bytes[0] & 0xFF) % KINDS.size());
    byte[] rest = Arrays.copyOfRange(bytes, 1, bytes.length);
    byte[] key = kind.longerKey ? longer(kind.key, rest) : kind.key;
    byte[] value = kind.longerKey ? StoredState.encodeMode(ConcurrencyMode.PESSIMISTIC) : rest;
    BYTES.read(
        bytes,
        _ -> {
          try (var store = new MemoryStore()) {
            WriteSet writes = new WriteSet();
            writes.put(kind.space, key, value);
            store.write(writes);
            return kind.reader.apply(store);
          }
        });
  }

  private static byte[] longer(byte[] prefix, byte[] rest) {
    byte[] key = Arrays.copyOf(prefix, prefix.length + rest.length);
    System.arraycopy(rest, 0, key, prefix.length, rest.length);
    return key;
  }
}
