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

  private static final int CHANGE_OVERHEAD_BYTES = 24;

  private ChangeEncoding() {}

  static int bytesOf(List<Change> changes) {
    int bytes = 8;
    for (Change change : changes) {
      bytes += CHANGE_OVERHEAD_BYTES;
      bytes +=
          switch (change) {
            case Change.PutEntity put -> put.key().length + put.row().entity().length;
            case Change.DeleteEntity delete -> delete.key().length;
            case Change.PutIndexEntry put -> put.key().length;
            case Change.DeleteIndexEntry delete -> delete.key().length;
          };
    }
    return bytes;
  }

  static void write(EntryWriter to, List<Change> changes) {
    to.writeVarint(changes.size());
    for (Change change : changes) {
      switch (change) {
        case Change.PutEntity(var key, var row) ->
            to.writeByte(PUT_ENTITY)
                .writeBytes(key)
                .writeVarint(row.slot())
                .writeVarint(row.createTime())
                .writeBytes(row.entity());
        case Change.DeleteEntity(var key) -> to.writeByte(DELETE_ENTITY).writeBytes(key);
        case Change.PutIndexEntry(var key, var slot, var multiValued) ->
            to.writeByte(PUT_INDEX_ENTRY)
                .writeBytes(key)
                .writeVarint(slot)
                .writeByte(multiValued ? 1 : 0);
        case Change.DeleteIndexEntry(var key) -> to.writeByte(DELETE_INDEX_ENTRY).writeBytes(key);
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
            case PUT_ENTITY -> readPut(from);
            case DELETE_ENTITY -> new Change.DeleteEntity(from.readByteArray());
            case PUT_INDEX_ENTRY ->
                new Change.PutIndexEntry(
                    from.readByteArray(), from.readInt(), from.readByte() != 0);
            case DELETE_INDEX_ENTRY -> new Change.DeleteIndexEntry(from.readByteArray());
            default -> throw from.corrupt("has the unknown change tag " + tag);
          });
    }
    return changes;
  }

  private static Change readPut(EntryReader from) {
    byte[] key = from.readByteArray();
    int slot = from.readInt();
    long createTime = from.readVarint();
    return new Change.PutEntity(key, new EntityRow(from.readByteArray(), slot, createTime, 0));
  }
}
