package dev.kindstead.replication;

import dev.kindstead.encoding.ByteOrder;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.DatabaseId;
import java.nio.charset.StandardCharsets;

/**
 * The keys of what replication keeps in META and TRANSACTION. Layout:
 * docs/formats/transaction-space.md.
 */
public final class StateKeys {
  /** META: the replica's place in its log. */
  static final byte[] POSITION = ascii("replica.position");

  /** META: how many of a former term's entries were applied. */
  static final byte[] LAST_SEQUENCES = ascii("replica.lastSequence.");

  /** META: below which ids the outcomes of transactions were dropped. */
  static final byte[] OUTCOMES_DROPPED = ascii("replica.outcomesDropped");

  static final byte[] TIMESTAMP_BOUND = ascii("system.timestampBound");
  static final byte[] LEASE_RELEASED = ascii("system.leaseReleased");
  static final byte[] REMOVED_NODES = ascii("system.removedNode.");
  static final byte[] SHARD_TERMS = ascii("system.shardTerm.");
  static final byte[] NODES = ascii("system.node.");
  static final byte[] ID_BLOCK = ascii("system.idBlock");
  static final byte[] DATABASES = ascii("system.database.");

  static final byte[] INDEXES = ascii("index.");

  static final byte[] OUTCOMES = {'O'};
  static final byte[] DECISIONS = {'D'};
  static final byte[] PREPARED = {'P'};
  static final byte[] RESERVED_IDS = {'R'};

  private StateKeys() {}

  static byte[] lastSequence(long term) {
    return new EntryWriter(32).writeRaw(LAST_SEQUENCES).writeFixed64(term).toBytes();
  }

  static byte[] outcome(Bytes transaction) {
    return with(OUTCOMES, transaction);
  }

  static byte[] decision(Bytes transaction) {
    return with(DECISIONS, transaction);
  }

  static byte[] prepared(Bytes transaction) {
    return with(PREPARED, transaction);
  }

  static byte[] reservedId(long counter) {
    return new EntryWriter(16).writeRaw(RESERVED_IDS).writeFixed64(counter).toBytes();
  }

  static byte[] database(DatabaseId database) {
    var writer = new EntryWriter(64).writeRaw(DATABASES);
    return SettingsEncoding.writeDatabase(writer, database).toBytes();
  }

  static byte[] removedNode(String nodeId) {
    return new EntryWriter(64).writeRaw(REMOVED_NODES).writeRaw(utf8(nodeId)).toBytes();
  }

  static byte[] node(String nodeId) {
    return new EntryWriter(64).writeRaw(NODES).writeRaw(utf8(nodeId)).toBytes();
  }

  static byte[] shardTerm(int shard) {
    return new EntryWriter(32).writeRaw(SHARD_TERMS).writeFixed64(shard).toBytes();
  }

  static byte[] index(long id) {
    return new EntryWriter(16).writeRaw(INDEXES).writeFixed64(id).toBytes();
  }

  static byte[] after(byte[] prefix) {
    return ByteOrder.afterPrefix(prefix);
  }

  private static byte[] with(byte[] prefix, Bytes transaction) {
    return new EntryWriter(1 + transaction.size())
        .writeRaw(prefix)
        .writeRaw(transaction.array())
        .toBytes();
  }

  private static byte[] utf8(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] ascii(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }
}
