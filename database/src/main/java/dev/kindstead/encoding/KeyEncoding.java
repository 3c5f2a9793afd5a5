package dev.kindstead.encoding;

import dev.kindstead.model.DatabaseId;
import dev.kindstead.model.Invariant;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys as bytes in the order of the API: partition first, then element by element: kind, ids
 * (signed) before names, ancestors before descendants. Layout: docs/formats/keys.md.
 */
public final class KeyEncoding {
  /** First byte of every row key: the version of this format. */
  static final byte FORMAT = 0x01;

  private static final byte INCOMPLETE = 0x10;
  private static final byte ID = 0x20;
  private static final byte NAME = 0x30;

  private static final int EXPECTED_BYTES = 96;

  private KeyEncoding() {}

  /**
   * The row key of a complete key: partition, then path. Every descendant's bytes start with it.
   */
  public static byte[] entityKey(Key key) {
    Invariant.check(key.isComplete(), "a row has a complete key");
    OrderedWriter writer = new OrderedWriter(EXPECTED_BYTES);
    writer.putByte(FORMAT);
    putPartition(writer, key.partition());
    putPath(writer, key.path());
    return writer.toByteArray();
  }

  /** The inverse of {@link #entityKey}. */
  public static Key decodeEntityKey(byte[] entityKey) {
    OrderedReader reader = new OrderedReader(entityKey, 0);
    if (reader.readByte() != FORMAT) {
      throw new CorruptBytesException("a row key of an unknown format");
    }
    PartitionId partition = readPartition(reader);
    return new Key(partition, readPathToEnd(reader));
  }

  /** What every row key of the database starts with, and no other. */
  public static byte[] databasePrefix(DatabaseId database) {
    return IndexNames.before(FORMAT, database);
  }

  /** What every row key of the partition starts with, and no other. */
  public static byte[] partitionPrefix(PartitionId partition) {
    OrderedWriter writer = new OrderedWriter(EXPECTED_BYTES);
    writer.putByte(FORMAT);
    putPartition(writer, partition);
    return writer.toByteArray();
  }

  /** The canonical entity group key: partition and root element; the root must be complete. */
  public static byte[] entityGroupKey(Key key) {
    Invariant.check(key.root().isComplete(), "an entity group has a complete root");
    OrderedWriter writer = new OrderedWriter(EXPECTED_BYTES);
    writer.putByte(FORMAT);
    putPartition(writer, key.partition());
    putElement(writer, key.root());
    return writer.toByteArray();
  }

  static void putPartition(OrderedWriter writer, PartitionId partition) {
    writer.putString(partition.project());
    writer.putString(partition.database());
    writer.putString(partition.namespace());
  }

  static void putPath(OrderedWriter writer, List<PathElement> path) {
    for (int i = 0; i < path.size(); i++) {
      putElement(writer, path.get(i));
    }
  }

  private static void putElement(OrderedWriter writer, PathElement element) {
    writer.putString(element.kind());
    if (element.name() != null) {
      writer.putByte(NAME);
      writer.putString(element.name());
    } else if (element.id() != 0) {
      writer.putByte(ID);
      writer.putLong(element.id());
    } else {
      writer.putByte(INCOMPLETE);
    }
  }

  static PartitionId readPartition(OrderedReader reader) {
    return new PartitionId(reader.readString(), reader.readString(), reader.readString());
  }

  /** A path that the end of the bytes ends. */
  static List<PathElement> readPathToEnd(OrderedReader reader) {
    List<PathElement> path = new ArrayList<>(4);
    do {
      path.add(readElement(reader));
    } while (!reader.atEnd());
    return path;
  }

  /** A key-valued property: a path that an empty kind ends, which sorts before every kind. */
  static void putKeyValue(OrderedWriter writer, Key key) {
    putPartition(writer, key.partition());
    putPath(writer, key.path());
    writer.putByte(OrderedWriter.END);
  }

  static Key readKeyValue(OrderedReader reader) {
    PartitionId partition = readPartition(reader);
    List<PathElement> path = new ArrayList<>(4);
    do {
      path.add(readElement(reader));
    } while (reader.peekByte() != OrderedWriter.END);
    reader.readByte();
    return new Key(partition, path);
  }

  private static PathElement readElement(OrderedReader reader) {
    String kind = reader.readString();
    return switch (reader.readByte()) {
      case ID -> PathElement.ofId(kind, readId(reader));
      case NAME -> PathElement.ofName(kind, reader.readString());
      case INCOMPLETE -> throw new CorruptBytesException("a stored key that is incomplete");
      default -> throw new CorruptBytesException("a path element of an unknown type");
    };
  }

  private static long readId(OrderedReader reader) {
    long id = reader.readLong();
    if (id == 0) {
      throw new CorruptBytesException("a path element with the id 0, which is none");
    }
    return id;
  }
}
