package dev.kindstead.transaction;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Mutation.BaseVersion;
import dev.kindstead.model.Mutation.NoDetection;
import dev.kindstead.model.Mutation.UpdateTime;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.PropertyTransform;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.replication.EntryReader;
import dev.kindstead.replication.EntryWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** Mutations as bytes. Layout: docs/formats/node-messages.md. */
final class MutationEncoding {
  private MutationEncoding() {}

  /**
   * Writes one.
   *
   * @param form brings entities into the form they are to be written in
   */
  static void write(EntryWriter to, Mutation mutation, UnaryOperator<Entity> form) {
    to.writeByte(
        switch (mutation.operation()) {
          case INSERT -> 1;
          case UPDATE -> 2;
          case UPSERT -> 3;
          case DELETE -> 4;
        });
    switch (mutation.detection()) {
      case NoDetection _ -> to.writeByte(0);
      case BaseVersion(long version) -> to.writeByte(1).writeFixed64(version);
      case UpdateTime(long micros) -> to.writeByte(2).writeFixed64(micros);
    }
    to.writeByte(
        switch (mutation.resolution()) {
          case SERVER_VALUE -> 0;
          case FAIL -> 1;
        });
    Entity entity = mutation.entity();
    write(to, form.apply(entity == null ? new Entity(mutation.key(), Map.of()) : entity));
    List<PropertyPath> mask = mutation.mask();
    to.writeVarint(mask == null ? 0 : mask.size() + 1);
    if (mask != null) {
      mask.forEach(path -> write(to, path));
    }
    to.writeVarint(mutation.transforms().size());
    mutation.transforms().forEach(transform -> write(to, transform, form));
  }

  private static void write(EntryWriter to, PropertyPath path) {
    to.writeVarint(path.segments().size());
    path.segments().forEach(to::writeString);
  }

  private static void write(
      EntryWriter to, PropertyTransform transform, UnaryOperator<Entity> form) {
    write(to, transform.property());
    int action =
        switch (transform.action()) {
          case PropertyTransform.SetToRequestTime() -> 1;
          case PropertyTransform.Increment _ -> 2;
          case PropertyTransform.Maximum _ -> 3;
          case PropertyTransform.Minimum _ -> 4;
          case PropertyTransform.AppendMissingElements _ -> 5;
          case PropertyTransform.RemoveAllFromArray _ -> 6;
        };
    List<Value> operands =
        switch (transform.action()) {
          case PropertyTransform.SetToRequestTime() -> List.of();
          case PropertyTransform.Increment(Value operand) -> List.of(operand);
          case PropertyTransform.Maximum(Value operand) -> List.of(operand);
          case PropertyTransform.Minimum(Value operand) -> List.of(operand);
          case PropertyTransform.AppendMissingElements(List<Value> elements) -> elements;
          case PropertyTransform.RemoveAllFromArray(List<Value> elements) -> elements;
        };
    to.writeByte(action);
    var all = new Entity(null, Map.of("", Value.of(new ArrayValue(operands))));
    write(to, form.apply(all));
  }

  private static void write(EntryWriter to, Entity entity) {
    to.writeBytes(EntityEncoding.encode(entity));
  }

  /** Throws CorruptBytesException when there is none. */
  static Mutation read(EntryReader from) {
    Mutation.Operation operation =
        switch (from.readByte()) {
          case 1 -> Mutation.Operation.INSERT;
          case 2 -> Mutation.Operation.UPDATE;
          case 3 -> Mutation.Operation.UPSERT;
          case 4 -> Mutation.Operation.DELETE;
          default -> throw from.corrupt("has an unknown operation");
        };
    Mutation.Detection detection =
        switch (from.readByte()) {
          case 0 -> NoDetection.NONE;
          case 1 -> new BaseVersion(from.readFixed64());
          case 2 -> new UpdateTime(from.readFixed64());
          default -> throw from.corrupt("has an unknown conflict detection");
        };
    Mutation.Resolution resolution =
        switch (from.readByte()) {
          case 0 -> Mutation.Resolution.SERVER_VALUE;
          case 1 -> Mutation.Resolution.FAIL;
          default -> throw from.corrupt("has an unknown conflict resolution");
        };
    Entity entity = EntityEncoding.decode(from.readByteArray());
    Key key = entity.key();
    if (key == null || !key.path().stream().allMatch(PathElement::isComplete)) {
      throw from.corrupt("has no complete key");
    }
    int masked = from.readCount();
    List<PropertyPath> mask = masked == 0 ? null : new ArrayList<>(masked);
    for (int i = 1; i < masked; i++) {
      Objects.requireNonNull(mask).add(readPath(from));
    }
    int count = from.readCount();
    var transforms = new ArrayList<PropertyTransform>(count);
    for (int i = 0; i < count; i++) {
      transforms.add(readTransform(from));
    }
    return new Mutation(
        operation,
        key,
        operation == Mutation.Operation.DELETE ? null : entity,
        detection,
        resolution,
        mask,
        transforms);
  }

  private static PropertyPath readPath(EntryReader from) {
    int count = from.readCount();
    if (count == 0) {
      throw from.corrupt("has an empty property path");
    }
    var segments = new ArrayList<String>(count);
    for (int i = 0; i < count; i++) {
      segments.add(from.readString());
    }
    return new PropertyPath(segments);
  }

  private static PropertyTransform readTransform(EntryReader from) {
    PropertyPath path = readPath(from);
    int action = from.readByte();
    Value operands = EntityEncoding.decode(from.readByteArray()).properties().get("");
    if (operands == null || !(operands.content() instanceof ArrayValue(List<Value> elements))) {
      throw from.corrupt("has a transform without operands");
    }
    boolean isOfOne = action >= 2 && action <= 4;
    if (isOfOne && elements.size() != 1) {
      throw from.corrupt("has a transform with " + elements.size() + " operands instead of one");
    }
    return new PropertyTransform(
        path,
        switch (action) {
          case 1 -> new PropertyTransform.SetToRequestTime();
          case 2 -> new PropertyTransform.Increment(elements.getFirst());
          case 3 -> new PropertyTransform.Maximum(elements.getFirst());
          case 4 -> new PropertyTransform.Minimum(elements.getFirst());
          case 5 -> new PropertyTransform.AppendMissingElements(elements);
          case 6 -> new PropertyTransform.RemoveAllFromArray(elements);
          default -> throw from.corrupt("has the unknown transform " + action);
        });
  }
}
