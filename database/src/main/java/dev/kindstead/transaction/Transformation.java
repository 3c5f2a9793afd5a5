package dev.kindstead.transaction;

import dev.kindstead.encoding.EntityLimits;
import dev.kindstead.model.DatastoreException;
import dev.kindstead.model.Entity;
import dev.kindstead.model.PropertyPath;
import dev.kindstead.model.PropertyTransform;
import dev.kindstead.model.PropertyTransform.AppendMissingElements;
import dev.kindstead.model.PropertyTransform.Increment;
import dev.kindstead.model.PropertyTransform.Maximum;
import dev.kindstead.model.PropertyTransform.Minimum;
import dev.kindstead.model.PropertyTransform.RemoveAllFromArray;
import dev.kindstead.model.PropertyTransform.SetToRequestTime;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.Content;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.model.Value.NullValue;
import dev.kindstead.model.Value.TimestampValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An entity while property transforms are applied to it, one after the other. Confined to one
 * thread.
 *
 * <p>A value that is transformed keeps its marks (meaning, excluded); one that is set anew has
 * those of the operand.
 *
 * @see <a href="https://cloud.google.com/datastore/docs/reference/data/rpc/google.datastore.v1">
 *     PropertyTransform</a>
 */
final class Transformation {
  private static final long MICROS_PER_MILLI = 1_000;
  private static final Value NULL = Value.of(NullValue.NULL);

  private final TimestampValue requestTime;
  private final List<Value> results = new ArrayList<>();
  private Entity entity;

  /**
   * @param requestTime microseconds
   */
  Transformation(Entity entity, long requestTime) {
    this.entity = entity;
    this.requestTime =
        new TimestampValue(requestTime - Math.floorMod(requestTime, MICROS_PER_MILLI));
  }

  Entity entity() {
    return entity;
  }

  List<Value> results() {
    return results;
  }

  void apply(PropertyTransform transform) {
    List<String> path = transform.property().segments();
    if (path.size() > EntityLimits.NESTING_DEPTH_MAX + 1) {
      throw DatastoreException.invalidArgument(
          "entity values are nested deeper than %d".formatted(EntityLimits.NESTING_DEPTH_MAX));
    }
    Value current = find(transform.property());
    Value changed =
        switch (transform.action()) {
          case SetToRequestTime _ -> Value.of(requestTime);
          case Increment increment ->
              current == null ? increment.operand() : Numbers.sum(current, increment.operand());
          case Maximum maximum ->
              current == null ? maximum.operand() : Numbers.maximum(current, maximum.operand());
          case Minimum minimum ->
              current == null ? minimum.operand() : Numbers.minimum(current, minimum.operand());
          case AppendMissingElements append -> append(current, append.elements());
          case RemoveAllFromArray remove -> remove(current, remove.elements());
        };
    if (changed != current) {
      entity = with(entity, path, changed);
    }
    boolean ofArray =
        transform.action() instanceof AppendMissingElements
            || transform.action() instanceof RemoveAllFromArray;
    results.add(ofArray ? NULL : changed);
  }

  private static Value append(@Nullable Value current, List<Value> elements) {
    List<Value> appended = new ArrayList<>(elementsOf(current));
    Set<Content> present = new HashSet<>();
    appended.forEach(element -> present.add(Numbers.normalized(element.content())));
    for (Value element : elements) {
      if (present.add(Numbers.normalized(element.content()))) {
        appended.add(element);
      }
    }
    return arrayLike(current, appended);
  }

  private static Value remove(@Nullable Value current, List<Value> elements) {
    Set<Content> unwanted = new HashSet<>();
    elements.forEach(element -> unwanted.add(Numbers.normalized(element.content())));
    List<Value> kept = new ArrayList<>(elementsOf(current));
    kept.removeIf(element -> unwanted.contains(Numbers.normalized(element.content())));
    return arrayLike(current, kept);
  }

  private static List<Value> elementsOf(@Nullable Value current) {
    return current != null && current.content() instanceof ArrayValue array
        ? array.values()
        : List.of();
  }

  private static Value arrayLike(@Nullable Value current, List<Value> elements) {
    ArrayValue array = new ArrayValue(elements);
    return current != null && current.content() instanceof ArrayValue
        ? new Value(array, current.meaning(), current.excludeFromIndexes())
        : Value.of(array);
  }

  private @Nullable Value find(PropertyPath path) {
    Entity inside = entity;
    Value found = null;
    for (String segment : path.segments()) {
      if (inside == null) {
        return null;
      }
      found = inside.properties().get(segment);
      inside =
          found != null && found.content() instanceof EntityValue nested ? nested.entity() : null;
    }
    return found;
  }

  /** The entity with the value at the path; what is on the way and no entity becomes one. */
  private static Entity with(Entity entity, List<String> path, Value value) {
    Map<String, Value> properties = new LinkedHashMap<>(entity.properties());
    String name = path.getFirst();
    if (path.size() == 1) {
      properties.put(name, value);
    } else {
      Value current = properties.get(name);
      List<String> rest = path.subList(1, path.size());
      if (current != null && current.content() instanceof EntityValue nested) {
        properties.put(
            name,
            new Value(
                new EntityValue(with(nested.entity(), rest, value)),
                current.meaning(),
                current.excludeFromIndexes()));
      } else {
        Entity inside = with(new Entity(null, Map.of()), rest, value);
        properties.put(name, Value.of(new EntityValue(inside)));
      }
    }
    return new Entity(entity.key(), properties);
  }
}
