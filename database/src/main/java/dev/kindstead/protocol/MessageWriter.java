package dev.kindstead.protocol;

import com.google.datastore.v1.ArrayValue;
import com.google.datastore.v1.Entity;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.PartitionId;
import com.google.datastore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.NullValue;
import com.google.protobuf.UnsafeByteOperations;
import com.google.type.LatLng;
import dev.kindstead.model.Bytes;
import dev.kindstead.model.PathElement;

/** From the model's keys and values to the API's messages. */
final class MessageWriter {
  private MessageWriter() {}

  static Key key(dev.kindstead.model.Key key) {
    var message = Key.newBuilder().setPartitionId(partition(key.partition()));
    for (PathElement element : key.path()) {
      var path = message.addPathBuilder().setKind(element.kind());
      if (element.name() != null) {
        path.setName(element.name());
      } else if (element.id() != 0) {
        path.setId(element.id());
      }
    }
    return message.build();
  }

  private static PartitionId partition(dev.kindstead.model.PartitionId partition) {
    return PartitionId.newBuilder()
        .setProjectId(partition.project())
        .setDatabaseId(partition.database())
        .setNamespaceId(partition.namespace())
        .build();
  }

  static Value value(dev.kindstead.model.Value value) {
    return content(value.content())
        .setMeaning(value.meaning())
        .setExcludeFromIndexes(value.excludeFromIndexes())
        .build();
  }

  static Value.Builder content(dev.kindstead.model.Value.Content content) {
    var message = Value.newBuilder();
    return switch (content) {
      case dev.kindstead.model.Value.NullValue none -> message.setNullValue(NullValue.NULL_VALUE);
      case dev.kindstead.model.Value.BooleanValue(boolean value) -> message.setBooleanValue(value);
      case dev.kindstead.model.Value.IntegerValue(long value) -> message.setIntegerValue(value);
      case dev.kindstead.model.Value.DoubleValue(double value) -> message.setDoubleValue(value);
      case dev.kindstead.model.Value.TimestampValue(long micros) ->
          message.setTimestampValue(Times.timestamp(micros));
      case dev.kindstead.model.Value.KeyValue(var key) -> message.setKeyValue(key(key));
      case dev.kindstead.model.Value.StringValue(String value) -> message.setStringValue(value);
      case dev.kindstead.model.Value.BlobValue(Bytes bytes) -> message.setBlobValue(bytes(bytes));
      case dev.kindstead.model.Value.GeoPointValue(double latitude, double longitude) ->
          message.setGeoPointValue(
              LatLng.newBuilder().setLatitude(latitude).setLongitude(longitude));
      case dev.kindstead.model.Value.EntityValue(var entity) ->
          message.setEntityValue(entity(entity));
      case dev.kindstead.model.Value.ArrayValue(var values) -> {
        var array = ArrayValue.newBuilder();
        values.forEach(element -> array.addValues(value(element)));
        yield message.setArrayValue(array);
      }
    };
  }

  private static Entity entity(dev.kindstead.model.Entity entity) {
    var message = Entity.newBuilder();
    if (entity.key() != null) {
      message.setKey(key(entity.key()));
    }
    entity.properties().forEach((name, value) -> message.putProperties(name, value(value)));
    return message.build();
  }

  static ByteString bytes(Bytes bytes) {
    return UnsafeByteOperations.unsafeWrap(bytes.array());
  }
}
