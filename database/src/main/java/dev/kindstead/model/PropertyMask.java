package dev.kindstead.model;

import dev.kindstead.model.Value.EntityValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths of a {@code PropertyMask} as a tree, to keep or to replace just the properties it
 * names. Paths lead through entity values, never into arrays. {@code __key__} names no property: an
 * entity's key is always kept. Confined to one thread until made, then immutable.
 */
public final class PropertyMask {
  private static final Entity NOTHING = new Entity(null, Map.of());

  /** Empty for a property that is named as a whole. */
  private final Map<String, PropertyMask> nested = new LinkedHashMap<>();

  private boolean whole;

  private PropertyMask() {}

  public static PropertyMask of(List<PropertyPath> paths) {
    PropertyMask mask = new PropertyMask();
    for (PropertyPath path : paths) {
      PropertyMask node = mask;
      for (String segment : path.segments()) {
        node = node.nested.computeIfAbsent(segment, _ -> new PropertyMask());
      }
      node.whole = true;
    }
    return mask;
  }

  /** The entity with only the properties named here, those it has, in its own order. */
  public Entity keep(Entity entity) {
    Map<String, Value> kept = new LinkedHashMap<>();
    entity
        .properties()
        .forEach((name, value) -> {
          PropertyMask node = nested.get(name);
          if (node == null) {
            return;
          }
          if (node.whole) {
            kept.put(name, value);
          } else if (value.content() instanceof EntityValue inner) {
            Entity part = node.keep(inner.entity());
            if (!part.properties().isEmpty()) {
              kept.put(name, withContent(value, part));
            }
          }
        });
    return new Entity(entity.key(), kept);
  }

  /**
   * The current entity with the properties named here taken from {@code written}: a property that
   * {@code written} lacks is removed, what is not named stays.
   *
   * @param current null when there is none
   */
  public Entity replace(@Nullable Entity current, Entity written) {
    Map<String, Value> result = new LinkedHashMap<>();
    if (current != null) {
      result.putAll(current.properties());
    }
    nested.forEach((name, node) -> {
      Value replaced = node.replaceValue(result.get(name), written.properties().get(name));
      if (replaced == null) {
        result.remove(name);
      } else {
        result.put(name, replaced);
      }
    });
    return new Entity(current == null ? written.key() : current.key(), result);
  }

  private @Nullable Value replaceValue(@Nullable Value current, @Nullable Value written) {
    if (whole) {
      return written;
    }
    Entity currentEntity = entityIn(current);
    Entity writtenEntity = entityIn(written);
    if (writtenEntity == null) {
      // Everything below is masked and absent: removed where there is something to remove from.
      return current == null || currentEntity == null
          ? current
          : withContent(current, replace(currentEntity, NOTHING));
    }
    Entity merged = replace(currentEntity, writtenEntity);
    if (current != null && currentEntity != null) {
      return withContent(current, merged);
    }
    return merged.properties().isEmpty() || written == null
        ? current
        : withContent(written, merged);
  }

  private static @Nullable Entity entityIn(@Nullable Value value) {
    return value != null && value.content() instanceof EntityValue nested ? nested.entity() : null;
  }

  private static Value withContent(Value like, Entity entity) {
    return new Value(new EntityValue(entity), like.meaning(), like.excludeFromIndexes());
  }
}
