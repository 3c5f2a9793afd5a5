package dev.kindstead.protocol;

import com.google.datastore.v1.EntityResult;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Writes an EntityResult around an entity's stored bytes, which are already its wire format, as the
 * value of a repeated field. A field that is zero or empty is absent.
 */
final class EntityResultWire {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int NANOS_PER_MICRO = 1_000;
  private static final int SECONDS_FIELD = 1;
  private static final int NANOS_FIELD = 2;
  private static final byte[] NO_CURSOR = new byte[0];

  private EntityResultWire() {}

  /** The bytes {@link #write} writes, tag and length included. */
  static int size(
      int field, byte[] entity, long version, long createTime, long updateTime, byte[] cursor) {
    int content = contentSize(entity, version, createTime, updateTime, cursor);
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt32SizeNoTag(content)
        + content;
  }

  static int size(int field, byte[] entity, long version, long createTime, long updateTime) {
    return size(field, entity, version, createTime, updateTime, NO_CURSOR);
  }

  static void write(
      CodedOutputStream out,
      int field,
      byte[] entity,
      long version,
      long createTime,
      long updateTime)
      throws IOException {
    write(out, field, entity, version, createTime, updateTime, NO_CURSOR);
  }

  static void write(
      CodedOutputStream out,
      int field,
      byte[] entity,
      long version,
      long createTime,
      long updateTime,
      byte[] cursor)
      throws IOException {
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(contentSize(entity, version, createTime, updateTime, cursor));
    out.writeByteArray(EntityResult.ENTITY_FIELD_NUMBER, entity);
    if (cursor.length > 0) {
      out.writeByteArray(EntityResult.CURSOR_FIELD_NUMBER, cursor);
    }
    if (version != 0) {
      out.writeInt64(EntityResult.VERSION_FIELD_NUMBER, version);
    }
    writeTime(out, EntityResult.UPDATE_TIME_FIELD_NUMBER, updateTime);
    writeTime(out, EntityResult.CREATE_TIME_FIELD_NUMBER, createTime);
  }

  private static int contentSize(
      byte[] entity, long version, long createTime, long updateTime, byte[] cursor) {
    int size =
        CodedOutputStream.computeByteArraySize(EntityResult.ENTITY_FIELD_NUMBER, entity)
            + timeSize(EntityResult.UPDATE_TIME_FIELD_NUMBER, updateTime)
            + timeSize(EntityResult.CREATE_TIME_FIELD_NUMBER, createTime);
    if (cursor.length > 0) {
      size += CodedOutputStream.computeByteArraySize(EntityResult.CURSOR_FIELD_NUMBER, cursor);
    }
    if (version != 0) {
      size += CodedOutputStream.computeInt64Size(EntityResult.VERSION_FIELD_NUMBER, version);
    }
    return size;
  }

  private static int timeSize(int field, long micros) {
    if (micros == 0) {
      return 0;
    }
    int content = timeContentSize(micros);
    return CodedOutputStream.computeTagSize(field)
        + CodedOutputStream.computeUInt32SizeNoTag(content)
        + content;
  }

  private static int timeContentSize(long micros) {
    return CodedOutputStream.computeInt64Size(SECONDS_FIELD, seconds(micros))
        + CodedOutputStream.computeInt32Size(NANOS_FIELD, nanos(micros));
  }

  private static void writeTime(CodedOutputStream out, int field, long micros) throws IOException {
    if (micros == 0) {
      return;
    }
    out.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(timeContentSize(micros));
    out.writeInt64(SECONDS_FIELD, seconds(micros));
    out.writeInt32(NANOS_FIELD, nanos(micros));
  }

  private static long seconds(long micros) {
    return Math.floorDiv(micros, MICROS_PER_SECOND);
  }

  private static int nanos(long micros) {
    return (int) Math.floorMod(micros, MICROS_PER_SECOND) * NANOS_PER_MICRO;
  }
}
