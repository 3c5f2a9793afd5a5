package dev.kindstead.encoding;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Invariant;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.BlobValue;
import dev.kindstead.model.Value.BooleanValue;
import dev.kindstead.model.Value.Content;
import dev.kindstead.model.Value.DoubleValue;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.model.Value.GeoPointValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.model.Value.KeyValue;
import dev.kindstead.model.Value.NullValue;
import dev.kindstead.model.Value.StringValue;
import dev.kindstead.model.Value.TimestampValue;

/**
 * Indexed values as bytes in the API's order across types: null, integers and timestamps merged,
 * false, true, strings and blobs merged, doubles, geo points, keys.
 *
 * <p>Types that share an order share a tag, and a byte <i>behind</i> the value tells them apart: it
 * decides only between values that are equal in the order. Without it ({@link #putOrder}) the bytes
 * bound a range, with it ({@link #put}) they name exactly one value.
 */
final class ValueEncoding {
  // Tags leave gaps for types to come; 0xFF is not used, so that a bound after any tag exists.
  private static final byte NULL = 0x10;
  private static final byte INTEGER = 0x20;
  private static final byte FALSE = 0x30;
  private static final byte TRUE = 0x38;
  private static final byte STRING = 0x40;
  private static final byte DOUBLE = 0x50;
  private static final byte GEO_POINT = 0x60;
  private static final byte KEY = 0x78;

  /** The second byte of an integer or a string. */
  private static final byte PLAIN = 0x10;

  /** The second byte of a timestamp (beside integers) or a blob (beside strings). */
  private static final byte VARIANT = 0x20;

  private ValueEncoding() {}

  static void put(OrderedWriter writer, Content value) {
    putOrder(writer, value);
    switch (value) {
      case IntegerValue _, StringValue _ -> writer.putByte(PLAIN);
      case TimestampValue _, BlobValue _ -> writer.putByte(VARIANT);
      case NullValue _,
          BooleanValue _,
          DoubleValue _,
          GeoPointValue _,
          KeyValue _,
          EntityValue _,
          ArrayValue _ -> {}
    }
  }

  /** Only what decides the order: equal bytes for an integer and the timestamp it merges with. */
  static void putOrder(OrderedWriter writer, Content value) {
    switch (value) {
      case NullValue _ -> writer.putByte(NULL);
      case IntegerValue integer -> {
        writer.putByte(INTEGER);
        writer.putLong(integer.value());
      }
      case TimestampValue timestamp -> {
        writer.putByte(INTEGER);
        writer.putLong(timestamp.micros());
      }
      case BooleanValue bool -> writer.putByte(bool.value() ? TRUE : FALSE);
      case StringValue string -> {
        writer.putByte(STRING);
        writer.putString(string.value());
      }
      case BlobValue blob -> {
        writer.putByte(STRING);
        writer.putBytes(blob.bytes().array());
      }
      case DoubleValue number -> {
        writer.putByte(DOUBLE);
        writer.putDouble(number.value());
      }
      case GeoPointValue point -> {
        writer.putByte(GEO_POINT);
        writer.putDouble(point.latitude());
        writer.putDouble(point.longitude());
      }
      case KeyValue key -> {
        writer.putByte(KEY);
        KeyEncoding.putKeyValue(writer, key.key());
      }
      case EntityValue _, ArrayValue _ ->
          throw Invariant.broken("entities and arrays are not indexed as themselves");
    }
  }

  /** Timestamps come back as integers of microseconds, as the API's projections show them. */
  static Content read(OrderedReader reader) {
    switch (reader.readByte()) {
      case NULL -> {
        return NullValue.NULL;
      }
      case INTEGER -> {
        long value = reader.readLong();
        readIsVariant(reader);
        return new IntegerValue(value);
      }
      case FALSE -> {
        return new BooleanValue(false);
      }
      case TRUE -> {
        return new BooleanValue(true);
      }
      case STRING -> {
        byte[] value = reader.readBytes();
        return readIsVariant(reader)
            ? new BlobValue(Bytes.of(value))
            : new StringValue(Utf8.decode(value));
      }
      case DOUBLE -> {
        return new DoubleValue(reader.readDouble());
      }
      case GEO_POINT -> {
        return new GeoPointValue(reader.readDouble(), reader.readDouble());
      }
      case KEY -> {
        return new KeyValue(KeyEncoding.readKeyValue(reader));
      }
      default -> throw new CorruptBytesException("an indexed value of an unknown type");
    }
  }

  /** What metadata queries call the type of the values that begin with this tag. */
  static String representation(byte tag) {
    return switch (tag) {
      case NULL -> "NULL";
      case INTEGER -> "INT64";
      case FALSE, TRUE -> "BOOLEAN";
      case STRING -> "STRING";
      case DOUBLE -> "DOUBLE";
      case GEO_POINT -> "POINT";
      case KEY -> "REFERENCE";
      default -> throw new CorruptBytesException("an indexed value of an unknown type");
    };
  }

  static void skip(OrderedReader reader) {
    switch (reader.peekByte()) {
      case STRING -> {
        reader.readByte();
        reader.skipBytes();
        readIsVariant(reader);
      }
      default -> read(reader);
    }
  }

  private static boolean readIsVariant(OrderedReader reader) {
    return switch (reader.readByte()) {
      case PLAIN -> false;
      case VARIANT -> true;
      default -> throw new CorruptBytesException("an indexed value of an unknown variant");
    };
  }
}
