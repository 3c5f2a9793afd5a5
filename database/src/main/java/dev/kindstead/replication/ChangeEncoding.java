package dev.kindstead.replication;

import dev.kindstead.storage.Change;
import dev.kindstead.storage.EntityRow;
import java.util.ArrayList;
import java.util.List;

/** A commit's changes inside an entry. Layout: docs/formats/log-entries.md. */
final class ChangeEncoding {
  private static final int PUT_ENTITY = 1;
  private static final int DELETE_ENTITY = 2;
  private static final int PUT_INDEX_ENTRY = 3;
  private static final int DELETE_INDEX_ENTRY = 4;
  private static final int PUT_NEW_ENTITY = 5;
  private static final int DELETE_KNOWN_INDEX_ENTRY = 6;

  /** Of a change, beside its key and its entity. */
  static final int OVERHEAD_BYTES = 24;

  /** Far more than fits anywhere; more is not told, so that sums stay numbers. */
  private static final int BYTES_MAX = 1 << 30;

  private ChangeEncoding() {}

  static int bytesOf(List<Change> changes) {
    long bytes = 8;
    for (Change change : changes) {
      bytes += OVERHEAD_BYTES;
      bytes +=
          switch (change) {
            case Change.PutEntity put -> put.key().length + put.row().entity().length;
            case Change.DeleteEntity delete -> delete.key().length;
            case Change.PutIndexEntry put -> put.key().length;
            case Change.DeleteIndexEntry delete -> delete.key().length;
          };
    }
    return (int) Math.min(bytes, BYTES_MAX);
  }

  static void write(EntryWriter to, List<Change> changes) {
    to.writeVarint(changes.size());
    for (Change change : changes) {
      switch (change) {
        case Change.PutEntity put ->
            to.writeByte(put.isNew() ? PUT_NEW_ENTITY : PUT_ENTITY)
                .writeBytes(put.key())
                .writeVarint(put.row().slot())
                .writeVarint(put.row().createTime())
                .writeBytes(put.row().entity());
        case Change.DeleteEntity(var key) -> to.writeByte(DELETE_ENTITY).writeBytes(key);
        case Change.PutIndexEntry(var key, var slot, var multiValued) ->
            to.writeByte(PUT_INDEX_ENTRY)
                .writeBytes(key)
                .writeVarint(slot)
                .writeByte(multiValued ? 1 : 0);
        case Change.DeleteIndexEntry(var key, var before) -> {
          if (before == null) {
            to.writeByte(DELETE_INDEX_ENTRY).writeBytes(key);
          } else {
            to.writeByte(DELETE_KNOWN_INDEX_ENTRY).writeBytes(key).writeBytes(before);
          }
        }
      }
    }
  }

  static List<Change> read(EntryReader from) {
    int count = from.readCount();
    var changes = new ArrayList<Change>(count);
    for (int i = 0; i < count; i++) {
      int tag = from.readByte();
      changes.add(
          switch (tag) {
            case PUT_ENTITY -> readPut(from, false);
            case PUT_NEW_ENTITY -> readPut(from, true);
            case DELETE_ENTITY -> new Change.DeleteEntity(from.readByteArray());
            case PUT_INDEX_ENTRY ->
                new Change.PutIndexEntry(
                    from.readByteArray(), from.readInt(), from.readByte() != 0);
            case DELETE_INDEX_ENTRY -> new Change.DeleteIndexEntry(from.readByteArray());
            case DELETE_KNOWN_INDEX_ENTRY ->
                new Change.DeleteIndexEntry(from.readByteArray(), from.readByteArray());
            default -> throw from.corrupt("has the unknown change tag " + tag);
          });
    }
    return changes;
  }

  private static Change readPut(EntryReader from, boolean isNew) {
    byte[] key = from.readByteArray();
    int slot = from.readInt();
    long createTime = from.readVarint();
    var row = new EntityRow(from.readByteArray(), slot, createTime, 0);
    return new Change.PutEntity(key, row, null, isNew);
  }
}
