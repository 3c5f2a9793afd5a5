package dev.kindstead.transaction;

import com.dynatrace.hash4j.hashing.Hashing;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Mutation;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.replication.EntryWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeMap;

/**
 * Tells a repeated commit from another commit of the same transaction: 64 bits of all that its
 * mutations ask for. It is kept with the answer, so it must not change from one release to the
 * next. Properties count in any order, since some clients write a message's maps anew, in another
 * order, each time they send it.
 */
final class RequestFingerprint {
  private RequestFingerprint() {}

  static long of(List<Mutation> mutations) {
    var writer = new EntryWriter(256 * mutations.size());
    for (Mutation mutation : mutations) {
      MutationEncoding.write(writer, mutation, RequestFingerprint::sorted);
    }
    return Hashing.xxh3_64().hashBytesToLong(writer.toBytes());
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
