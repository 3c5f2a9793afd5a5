package dev.kindstead.replication;

import dev.kindstead.index.IndexDefinition;
import dev.kindstead.index.IndexDefinition.IndexedProperty;
import dev.kindstead.index.IndexDefinition.Purpose;
import dev.kindstead.index.IndexRecord;
import dev.kindstead.index.IndexState;
import dev.kindstead.model.DatabaseId;
import java.util.ArrayList;
import java.util.List;

/** Records of indexes as bytes. Layout: docs/formats/log-entries.md. */
final class IndexEncoding {
  private static final int ANCESTOR = 1;
  private static final int EXPIRY = 2;

  private IndexEncoding() {}

  static void write(EntryWriter to, IndexRecord record) {
    IndexDefinition definition = record.definition();
    to.writeFixed64(definition.id());
    SettingsEncoding.writeDatabase(to, definition.database()).writeString(definition.kind());
    to.writeByte(
        (definition.ancestor() ? ANCESTOR : 0)
            | (definition.purpose() == Purpose.EXPIRY ? EXPIRY : 0));
    to.writeVarint(definition.properties().size());
    for (IndexedProperty property : definition.properties()) {
      to.writeString(property.name()).writeByte(property.descending() ? 1 : 0);
    }
    to.writeByte(number(record.state()));
    to.writeVarint(record.createTime()).writeVarint(record.changeTime());
    to.writeBytes(record.progress());
  }

  static IndexRecord read(EntryReader from) {
    long id = from.readFixed64();
    DatabaseId database = SettingsEncoding.readDatabase(from);
    String kind = from.readString();
    int flags = from.readByte();
    int count = from.readCount();
    if (count == 0) {
      throw from.corrupt("has an index without properties");
    }
    List<IndexedProperty> properties = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      properties.add(new IndexedProperty(from.readString(), from.readByte() == 1));
    }
    return new IndexRecord(
        new IndexDefinition(
            id,
            database,
            kind,
            (flags & ANCESTOR) != 0,
            properties,
            (flags & EXPIRY) != 0 ? Purpose.EXPIRY : Purpose.QUERIES),
        state(from, from.readByte()),
        from.readVarint(),
        from.readVarint(),
        from.readBytes());
  }

  private static int number(IndexState state) {
    return switch (state) {
      case CREATING -> 1;
      case READY -> 2;
      case DELETING -> 3;
      case ERROR -> 4;
    };
  }

  private static IndexState state(EntryReader from, int number) {
    return switch (number) {
      case 1 -> IndexState.CREATING;
      case 2 -> IndexState.READY;
      case 3 -> IndexState.DELETING;
      case 4 -> IndexState.ERROR;
      default -> throw from.corrupt("has the unknown index state " + number);
    };
  }
}
