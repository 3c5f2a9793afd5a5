package dev.kindstead.replication;

import dev.kindstead.index.IndexRecord;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.ConcurrencyMode;
import dev.kindstead.model.DatabaseId;
import dev.kindstead.replication.Command.Prepare;
import dev.kindstead.replication.Command.PutNode;
import dev.kindstead.storage.OrderedStore;
import dev.kindstead.storage.Space;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what commands have written to META and TRANSACTION. Layout:
 * docs/formats/transaction-space.md.
 */
public final class StoredState {
  private static final int VERSION = 1;

  /** As log entries have it: 2 since changes may say what was before them. */
  private static final int INTENT_VERSION = 2;

  private StoredState() {}

  /**
   * A decision whose participants have not all applied it yet.
   *
   * @param participantSlots one slot of each shard that prepared the transaction
   */
  public record Decision(Bytes transaction, long commitTime, List<Integer> participantSlots) {}

  public static @Nullable StoredOutcome outcome(OrderedStore store, Bytes transaction) {
    byte[] bytes = store.get(Space.TRANSACTION, StateKeys.outcome(transaction));
    if (bytes != null) {
      return StoredOutcome.decode(bytes);
    }
    byte[] decision = store.get(Space.TRANSACTION, StateKeys.decision(transaction));
    return decision == null
        ? null
        : new StoredOutcome.Committed(
            decodeDecision(transaction, decision).commitTime(), new byte[0]);
  }

  /** The outcomes of transactions with ids below this were dropped; empty when none were. */
  static Bytes outcomesDropped(OrderedStore store) {
    byte[] bytes = store.get(Space.META, StateKeys.OUTCOMES_DROPPED);
    return bytes == null ? Bytes.EMPTY : versioned(bytes, "dropped outcomes").readBytes();
  }

  static byte[] encodeDropped(Bytes until) {
    return new EntryWriter(32).writeByte(VERSION).writeBytes(until).toBytes();
  }

  public static List<Prepare> prepared(OrderedStore store) {
    var all = new ArrayList<Prepare>();
    scan(
        store,
        Space.TRANSACTION,
        StateKeys.PREPARED,
        scan -> all.add(PrepareEncoding.read(versioned(scan.value(), "intent", INTENT_VERSION))));
    return all;
  }

  public static List<Decision> decisions(OrderedStore store) {
    var all = new ArrayList<Decision>();
    scan(
        store,
        Space.TRANSACTION,
        StateKeys.DECISIONS,
        scan -> {
          byte[] key = scan.key();
          var transaction = Bytes.of(Arrays.copyOfRange(key, 1, key.length));
          all.add(decodeDecision(transaction, scan.value()));
        });
    return all;
  }

  /** The replicated bound of the oracle, zero before the first. */
  public static long timestampBound(OrderedStore store) {
    return number(store, StateKeys.TIMESTAMP_BOUND);
  }

  /**
   * Whether the last oracle has said that it hands out no more timestamps: the transactions that it
   * has handed over then, otherwise null.
   */
  public static byte @Nullable [] releasedLease(OrderedStore store) {
    return store.get(Space.META, StateKeys.LEASE_RELEASED);
  }

  /** Id counters below this may have been handed out. */
  public static long idBlock(OrderedStore store) {
    return number(store, StateKeys.ID_BLOCK);
  }

  /** The reserved id counters in [from, until). */
  public static NavigableSet<Long> reservedIds(OrderedStore store, long from, long until) {
    var counters = new TreeSet<Long>();
    try (var view = store.view();
        var scan =
            view.scan(
                Space.TRANSACTION,
                StateKeys.reservedId(from),
                StateKeys.reservedId(until),
                false)) {
      for (; scan.isValid(); scan.next()) {
        var reader = new EntryReader(scan.key(), "reserved id");
        reader.readByte();
        counters.add(reader.readFixed64());
      }
    }
    return counters;
  }

  /** By former term, the last sequence that was applied. */
  static Map<Long, Long> lastSequences(OrderedStore store) {
    var byTerm = new LinkedHashMap<Long, Long>();
    scan(
        store,
        Space.META,
        StateKeys.LAST_SEQUENCES,
        scan -> {
          byte[] key = scan.key();
          byte[] term = Arrays.copyOfRange(key, StateKeys.LAST_SEQUENCES.length, key.length);
          long sequence = versioned(scan.value(), "last sequence").readVarint();
          byTerm.put(new EntryReader(term, "term").readFixed64(), sequence);
        });
    return byTerm;
  }

  /** By shard, the latest term in which it has had a leader. */
  public static SortedMap<Integer, Long> shardTerms(OrderedStore store) {
    var byShard = new TreeMap<Integer, Long>();
    scanShardTerms(store, (shard, value) -> byShard.put(shard, value.readVarint()));
    return byShard;
  }

  /** By shard, the node that led it in that term; none for a shard of which that is not known. */
  public static Map<Integer, String> shardLeaders(OrderedStore store) {
    var byShard = new TreeMap<Integer, String>();
    scanShardTerms(
        store,
        (shard, value) -> {
          value.readVarint();
          String leader = value.atEnd() ? "" : value.readString();
          if (!leader.isEmpty()) {
            byShard.put(shard, leader);
          }
        });
    return byShard;
  }

  private static void scanShardTerms(
      OrderedStore store, BiConsumer<Integer, EntryReader> shardTerm) {
    scan(
        store,
        Space.META,
        StateKeys.SHARD_TERMS,
        scan -> {
          byte[] key = scan.key();
          byte[] shard = Arrays.copyOfRange(key, StateKeys.SHARD_TERMS.length, key.length);
          shardTerm.accept(
              (int) new EntryReader(shard, "shard").readFixed64(),
              versioned(scan.value(), "term of a shard"));
        });
  }

  /** Ids of the nodes that were removed from the cluster. */
  public static Set<String> removedNodes(OrderedStore store) {
    var all = new LinkedHashSet<String>();
    scan(
        store,
        Space.META,
        StateKeys.REMOVED_NODES,
        scan -> all.add(nodeId(scan.key(), StateKeys.REMOVED_NODES)));
    return all;
  }

  /** The nodes of the cluster, by their ids. */
  public static SortedMap<String, PutNode> nodes(OrderedStore store) {
    var all = new TreeMap<String, PutNode>();
    scan(
        store,
        Space.META,
        StateKeys.NODES,
        scan -> {
          String nodeId = nodeId(scan.key(), StateKeys.NODES);
          EntryReader value = versioned(scan.value(), "node");
          String zone = value.readString();
          boolean isAway = value.readByte() == 1;
          int weight = value.atEnd() ? 1 : EntryEncoding.readWeight(value);
          all.put(nodeId, new PutNode(nodeId, new NodePlace(zone, weight), isAway));
        });
    return all;
  }

  private static String nodeId(byte[] key, byte[] prefix) {
    return new String(key, prefix.length, key.length - prefix.length, StandardCharsets.UTF_8);
  }

  public static Map<DatabaseId, ConcurrencyMode> databaseModes(OrderedStore store) {
    var modes = new LinkedHashMap<DatabaseId, ConcurrencyMode>();
    scan(
        store,
        Space.META,
        StateKeys.DATABASES,
        scan -> {
          byte[] key = scan.key();
          byte[] name = Arrays.copyOfRange(key, StateKeys.DATABASES.length, key.length);
          var database = SettingsEncoding.readDatabase(new EntryReader(name, "database name"));
          var reader = versioned(scan.value(), "database settings");
          modes.put(database, SettingsEncoding.mode(reader, reader.readByte()));
        });
    return modes;
  }

  /** The composite indexes that this group knows, by number. */
  public static List<IndexRecord> indexes(OrderedStore store) {
    var all = new ArrayList<IndexRecord>();
    scan(
        store,
        Space.META,
        StateKeys.INDEXES,
        scan -> all.add(IndexEncoding.read(versioned(scan.value(), "index"))));
    return all;
  }

  static byte[] encodeIndex(IndexRecord index) {
    var writer = new EntryWriter(128).writeByte(VERSION);
    IndexEncoding.write(writer, index);
    return writer.toBytes();
  }

  static byte[] encodePrepared(Prepare prepare) {
    var writer = new EntryWriter(EntryEncoding.expectedBytes(prepare)).writeByte(INTENT_VERSION);
    PrepareEncoding.write(writer, prepare);
    return writer.toBytes();
  }

  static byte[] encodeDecision(long commitTime, List<Integer> participantSlots) {
    var writer = new EntryWriter(32).writeByte(VERSION).writeVarint(commitTime);
    writer.writeVarint(participantSlots.size());
    participantSlots.forEach(writer::writeVarint);
    return writer.toBytes();
  }

  static byte[] encodeNumber(long number) {
    return new EntryWriter(16).writeByte(VERSION).writeVarint(number).toBytes();
  }

  static byte[] encodeTerm(long term, String leader) {
    return new EntryWriter(64).writeByte(VERSION).writeVarint(term).writeString(leader).toBytes();
  }

  /** A weight of one is not written: so it was before there were any. */
  static byte[] encodeNode(NodePlace place, boolean isAway) {
    var writer =
        new EntryWriter(32).writeByte(VERSION).writeString(place.zone()).writeByte(isAway ? 1 : 0);
    return (place.weight() == 1 ? writer : writer.writeVarint(place.weight())).toBytes();
  }

  static byte[] encodeMode(ConcurrencyMode mode) {
    return new EntryWriter(2)
        .writeByte(VERSION)
        .writeByte(SettingsEncoding.modeNumber(mode))
        .toBytes();
  }

  private static Decision decodeDecision(Bytes transaction, byte[] bytes) {
    var reader = versioned(bytes, "decision");
    long commitTime = reader.readVarint();
    int count = reader.readCount();
    var slots = new ArrayList<Integer>(count);
    for (int i = 0; i < count; i++) {
      slots.add(reader.readInt());
    }
    return new Decision(transaction, commitTime, slots);
  }

  private static long number(OrderedStore store, byte[] key) {
    byte[] bytes = store.get(Space.META, key);
    return bytes == null ? 0 : versioned(bytes, "number").readVarint();
  }

  private static EntryReader versioned(byte[] bytes, String what) {
    return versioned(bytes, what, VERSION);
  }

  private static EntryReader versioned(byte[] bytes, String what, int newest) {
    var reader = new EntryReader(bytes, what);
    int version = reader.readByte();
    if (version < VERSION || version > newest) {
      throw reader.corrupt("has an unknown version");
    }
    return reader;
  }

  private static void scan(
      OrderedStore store, Space space, byte[] prefix, Consumer<OrderedStore.Scan> row) {
    try (var view = store.view();
        var scan = view.scan(space, prefix, StateKeys.after(prefix), false)) {
      for (; scan.isValid(); scan.next()) {
        row.accept(scan);
      }
    }
  }
}
