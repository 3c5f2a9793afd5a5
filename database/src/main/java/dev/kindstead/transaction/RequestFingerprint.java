package dev.kindstead.transaction;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Mutation.BaseVersion;
import dev.kindstead.model.Mutation.NoDetection;
import dev.kindstead.model.Mutation.UpdateTime;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.PropertyTransform;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.replication.EntryWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells a repeated commit from another commit of the same transaction: 64 bits of all that its
 * mutations ask for. It is kept with the answer, so it must not change from one release to the
 * next. Properties count in any order, since some clients write a message's maps anew, in another
 * order, each time they send it.
 */
final class RequestFingerprint {
  private final EntryWriter writer;

  private RequestFingerprint(int mutations) {
    writer = new EntryWriter(256 * mutations);
  }

  static long of(List<Mutation> mutations) {
    var fingerprint = new RequestFingerprint(mutations.size());
    mutations.forEach(fingerprint::add);
    return Hashing.xxh3_64().hashBytesToLong(fingerprint.writer.toBytes());
  }

  private void add(Mutation mutation) {
    writer.writeByte(
        switch (mutation.operation()) {
          case INSERT -> 1;
          case UPDATE -> 2;
          case UPSERT -> 3;
          case DELETE -> 4;
        });
    switch (mutation.detection()) {
      case NoDetection _ -> writer.writeByte(0);
      case BaseVersion(long version) -> writer.writeByte(1).writeFixed64(version);
      case UpdateTime(long micros) -> writer.writeByte(2).writeFixed64(micros);
    }
    writer.writeByte(
        switch (mutation.resolution()) {
          case SERVER_VALUE -> 0;
          case FAIL -> 1;
        });
    Entity entity = mutation.entity();
    add(entity == null ? new Entity(mutation.key(), Map.of()) : entity);
    List<PropertyPath> mask = mutation.mask();
    writer.writeVarint(mask == null ? 0 : mask.size() + 1);
    if (mask != null) {
      mask.forEach(this::add);
    }
    writer.writeVarint(mutation.transforms().size());
    mutation.transforms().forEach(this::add);
  }

  private void add(PropertyPath path) {
    writer.writeVarint(path.segments().size());
    path.segments().forEach(writer::writeString);
  }

  private void add(PropertyTransform transform) {
    add(transform.property());
    switch (transform.action()) {
      case PropertyTransform.SetToRequestTime() -> add(1, List.of());
      case PropertyTransform.Increment(Value operand) -> add(2, List.of(operand));
      case PropertyTransform.Maximum(Value operand) -> add(3, List.of(operand));
      case PropertyTransform.Minimum(Value operand) -> add(4, List.of(operand));
      case PropertyTransform.AppendMissingElements(List<Value> elements) -> add(5, elements);
      case PropertyTransform.RemoveAllFromArray(List<Value> elements) -> add(6, elements);
    }
  }

  private void add(int action, List<Value> operands) {
    writer.writeByte(action);
    add(new Entity(null, Map.of("", Value.of(new ArrayValue(operands)))));
  }

  private void add(Entity entity) {
    writer.writeBytes(EntityEncoding.encode(sorted(entity)));
  }

  private static Entity sorted(Entity entity) {
    var properties = new LinkedHashMap<String, Value>();
    new TreeMap<>(entity.properties())
        .forEach((name, value) -> properties.put(name, sorted(value)));
    return new Entity(entity.key(), properties);
  }

  private static Value sorted(Value value) {
    return switch (value.content()) {
      case EntityValue(Entity entity) -> with(value, new EntityValue(sorted(entity)));
      case ArrayValue(List<Value> values) ->
          with(value, new ArrayValue(values.stream().map(RequestFingerprint::sorted).toList()));
      default -> value;
    };
  }

  private static Value with(Value value, Value.Content content) {
    return new Value(content, value.meaning(), value.excludeFromIndexes());
  }
}
