package dev.kindstead.query;

import dev.kindstead.encoding.EntityEncoding;
import dev.kindstead.encoding.IndexKeyEncoding;
import dev.kindstead.encoding.KeyEncoding;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.Value;
import dev.kindstead.query.QueryBatch.QueryResult;
import dev.kindstead.query.QueryBatch.ResultType;
import dev.kindstead.storage.EntityRow;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the answer of a result: stored bytes as they are, or what its position knows of it, without
 * reading the entity. Confined to one thread.
 */
final class Materialization {
  /** The mark of a projected value; such a value cannot be written back. */
  static final int MEANING_PROJECTED = 18;

  private final Rows rows;
  private final Reading reading;
  private final @Nullable List<PropertyPath> mask;
  private final ResultType resultType;
  private final Cursor.Writer cursors;

  Materialization(Rows rows, Reading reading, @Nullable List<PropertyPath> mask) {
    this.rows = rows;
    this.reading = reading;
    this.mask = mask;
    cursors = new Cursor.Writer(rows);
    Query query = rows.query();
    resultType =
        query.projection().isEmpty()
            ? ResultType.FULL
            : query.isKeysOnly() ? ResultType.KEY_ONLY : ResultType.PROJECTION;
  }

  ResultType resultType() {
    return resultType;
  }

  QueryResult result(Row row) {
    return resultType == ResultType.FULL
        ? whole(row, entities(List.of(row)).getFirst())
        : covered(row);
  }

  /** The entities of some rows, in their order; none when no result needs them. */
  List<EntityRow> entities(List<Row> some) {
    return resultType == ResultType.FULL ? reading.entities(some) : List.of();
  }

  /** A result without its entity. */
  QueryResult covered(Row row) {
    byte[] bytes =
        resultType == ResultType.KEY_ONLY
            ? EntityEncoding.encodeKeyOnly(key(row.position()))
            : projected(row.position());
    return new QueryResult(bytes, 0, 0, 0, cursor(row));
  }

  /** A result with its entity, which is noted as read. */
  QueryResult whole(Row row, EntityRow entity) {
    reading.met(row.shard(), row.position().path(), entity);
    byte[] bytes = mask == null ? entity.entity() : EntityEncoding.project(entity.entity(), mask);
    return new QueryResult(
        bytes, entity.updateTime(), entity.createTime(), entity.updateTime(), cursor(row));
  }

  private byte[] cursor(Row row) {
    return cursors.encode(row.position());
  }

  private byte[] projected(Position position) {
    Map<String, Value> properties = new LinkedHashMap<>();
    for (String property : rows.query().projection()) {
      int index = rows.ordering().indexOf(property);
      if (!property.equals(Query.KEY)) {
        properties.put(
            property, new Value(value(position.component(index)), MEANING_PROJECTED, false));
      }
    }
    return EntityEncoding.encode(new Entity(key(position), properties));
  }

  /** Timestamps come as integers of microseconds. */
  static Value.Content value(byte[] component) {
    return IndexKeyEncoding.decodeValue(component, 0);
  }

  private Key key(Position position) {
    return KeyEncoding.decodeEntityKey(
        IndexKeyEncoding.entityKey(reading.partitionPrefix(), position.path(), 0));
  }
}
