package dev.kindstead.encoding;

import static dev.kindstead.encoding.EntityFields.ARRAY_VALUES;
import static dev.kindstead.encoding.EntityFields.ENTITY_KEY;
import static dev.kindstead.encoding.EntityFields.ENTITY_PROPERTIES;
import static dev.kindstead.encoding.EntityFields.GEO_POINT_LATITUDE;
import static dev.kindstead.encoding.EntityFields.GEO_POINT_LONGITUDE;
import static dev.kindstead.encoding.EntityFields.KEY_PARTITION_ID;
import static dev.kindstead.encoding.EntityFields.KEY_PATH;
import static dev.kindstead.encoding.EntityFields.PARTITION_DATABASE_ID;
import static dev.kindstead.encoding.EntityFields.PARTITION_NAMESPACE_ID;
import static dev.kindstead.encoding.EntityFields.PARTITION_PROJECT_ID;
import static dev.kindstead.encoding.EntityFields.PATH_ELEMENT_ID;
import static dev.kindstead.encoding.EntityFields.PATH_ELEMENT_KIND;
import static dev.kindstead.encoding.EntityFields.PATH_ELEMENT_NAME;
import static dev.kindstead.encoding.EntityFields.PROPERTY_NAME;
import static dev.kindstead.encoding.EntityFields.PROPERTY_VALUE;
import static dev.kindstead.encoding.EntityFields.TIMESTAMP_NANOS;
import static dev.kindstead.encoding.EntityFields.TIMESTAMP_SECONDS;
import static dev.kindstead.encoding.EntityFields.VALUE_ARRAY;
import static dev.kindstead.encoding.EntityFields.VALUE_BLOB;
import static dev.kindstead.encoding.EntityFields.VALUE_BOOLEAN;
import static dev.kindstead.encoding.EntityFields.VALUE_DOUBLE;
import static dev.kindstead.encoding.EntityFields.VALUE_ENTITY;
import static dev.kindstead.encoding.EntityFields.VALUE_EXCLUDE_FROM_INDEXES;
import static dev.kindstead.encoding.EntityFields.VALUE_GEO_POINT;
import static dev.kindstead.encoding.EntityFields.VALUE_INTEGER;
import static dev.kindstead.encoding.EntityFields.VALUE_KEY;
import static dev.kindstead.encoding.EntityFields.VALUE_MEANING;
import static dev.kindstead.encoding.EntityFields.VALUE_NULL;
import static dev.kindstead.encoding.EntityFields.VALUE_STRING;
import static dev.kindstead.encoding.EntityFields.VALUE_TIMESTAMP;

import com.google.protobuf.CodedInputStream;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
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
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an entity from protobuf. Unknown fields are skipped; of a repeated singular field the last
 * counts. Confined to one thread.
 */
final class EntityReader {
  /**
   * Bounds the stack that corrupt bytes can take. An entity value within an array within an entity
   * takes five messages, and the front door bounds those.
   */
  private static final int MESSAGE_DEPTH_MAX = 400;

  private static final PartitionId NO_PARTITION = new PartitionId("", "", "");

  private final byte[] bytes;
  private final CodedInputStream in;
  private int depth;

  EntityReader(byte[] bytes) {
    this.bytes = bytes;
    this.in = CodedInputStream.newInstance(bytes);
  }

  Entity entity() throws IOException {
    Key key = null;
    Map<String, Value> properties = new LinkedHashMap<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case ENTITY_KEY -> key = readKey();
        case ENTITY_PROPERTIES -> readProperty(properties);
        default -> skip(tag);
      }
    }
    return new Entity(key, properties);
  }

  /** The entity's key alone; reads no further, and the key comes first. */
  @Nullable Key key() throws IOException {
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == ENTITY_KEY) {
        return readKey();
      }
      skip(tag);
    }
    return null;
  }

  private void readProperty(Map<String, Value> properties) throws IOException {
    int outer = enter();
    String name = "";
    Value value = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case PROPERTY_NAME -> name = readString();
        case PROPERTY_VALUE -> value = readValue();
        default -> skip(tag);
      }
    }
    leave(outer);
    if (value == null) {
      throw new CorruptBytesException("a property without a value");
    }
    properties.put(name, value);
  }

  private Key readKey() throws IOException {
    int outer = enter();
    PartitionId partition = NO_PARTITION;
    List<PathElement> path = new ArrayList<>(4);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case KEY_PARTITION_ID -> partition = readPartition();
        case KEY_PATH -> path.add(readPathElement());
        default -> skip(tag);
      }
    }
    leave(outer);
    if (path.isEmpty()) {
      throw new CorruptBytesException("a key without a path");
    }
    return new Key(partition, path);
  }

  private PartitionId readPartition() throws IOException {
    int outer = enter();
    String project = "";
    String database = "";
    String namespace = "";
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case PARTITION_PROJECT_ID -> project = readString();
        case PARTITION_DATABASE_ID -> database = readString();
        case PARTITION_NAMESPACE_ID -> namespace = readString();
        default -> skip(tag);
      }
    }
    leave(outer);
    return new PartitionId(project, database, namespace);
  }

  private PathElement readPathElement() throws IOException {
    int outer = enter();
    String kind = "";
    long id = 0;
    String name = null;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case PATH_ELEMENT_KIND -> kind = readString();
        case PATH_ELEMENT_ID -> {
          id = in.readInt64();
          name = null;
        }
        case PATH_ELEMENT_NAME -> {
          name = readString();
          id = 0;
        }
        default -> skip(tag);
      }
    }
    leave(outer);
    return new PathElement(kind, id, name);
  }

  private Value readValue() throws IOException {
    int outer = enter();
    Content content = null;
    int meaning = 0;
    boolean excludeFromIndexes = false;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case VALUE_NULL -> {
          in.readEnum();
          content = NullValue.NULL;
        }
        case VALUE_BOOLEAN -> content = new BooleanValue(in.readBool());
        case VALUE_INTEGER -> content = new IntegerValue(in.readInt64());
        case VALUE_DOUBLE -> content = new DoubleValue(in.readDouble());
        case VALUE_STRING -> content = new StringValue(readString());
        case VALUE_BLOB -> content = new BlobValue(Bytes.of(in.readByteArray()));
        case VALUE_TIMESTAMP -> content = readTimestamp();
        case VALUE_GEO_POINT -> content = readGeoPoint();
        case VALUE_KEY -> content = new KeyValue(readKey());
        case VALUE_ENTITY -> content = readEntityValue();
        case VALUE_ARRAY -> content = readArray();
        case VALUE_MEANING -> meaning = in.readInt32();
        case VALUE_EXCLUDE_FROM_INDEXES -> excludeFromIndexes = in.readBool();
        default -> skip(tag);
      }
    }
    leave(outer);
    if (content == null) {
      throw new CorruptBytesException("a value without a type that is known");
    }
    return new Value(content, meaning, excludeFromIndexes);
  }

  private EntityValue readEntityValue() throws IOException {
    int outer = enter();
    Entity entity = entity();
    leave(outer);
    return new EntityValue(entity);
  }

  private ArrayValue readArray() throws IOException {
    int outer = enter();
    List<Value> values = new ArrayList<>();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case ARRAY_VALUES -> values.add(readValue());
        default -> skip(tag);
      }
    }
    leave(outer);
    return new ArrayValue(values);
  }

  private TimestampValue readTimestamp() throws IOException {
    int outer = enter();
    long seconds = 0;
    long nanos = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case TIMESTAMP_SECONDS -> seconds = in.readInt64();
        case TIMESTAMP_NANOS -> nanos = in.readInt32();
        default -> skip(tag);
      }
    }
    leave(outer);
    long micros =
        seconds * EntityWriter.MICROS_PER_SECOND
            + Math.floorDiv(nanos, EntityWriter.NANOS_PER_MICRO);
    if (Math.floorDiv(micros, EntityWriter.MICROS_PER_SECOND) != seconds) {
      throw new CorruptBytesException("a timestamp out of range");
    }
    return new TimestampValue(micros);
  }

  private GeoPointValue readGeoPoint() throws IOException {
    int outer = enter();
    double latitude = 0;
    double longitude = 0;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag) {
        case GEO_POINT_LATITUDE -> latitude = in.readDouble();
        case GEO_POINT_LONGITUDE -> longitude = in.readDouble();
        default -> skip(tag);
      }
    }
    leave(outer);
    return new GeoPointValue(latitude, longitude);
  }

  private String readString() throws IOException {
    int length = in.readRawVarint32();
    int offset = in.getTotalBytesRead();
    in.skipRawBytes(length); // checks the length before anything is allocated
    return Utf8.decode(bytes, offset, length);
  }

  private int enter() throws IOException {
    if (++depth > MESSAGE_DEPTH_MAX) {
      throw new CorruptBytesException("messages nested too deep");
    }
    return in.pushLimit(in.readRawVarint32());
  }

  private void leave(int outerLimit) {
    in.popLimit(outerLimit);
    depth--;
  }

  private void skip(int tag) throws IOException {
    if (!in.skipField(tag)) {
      throw new CorruptBytesException("an end of a group that did not begin");
    }
  }
}
