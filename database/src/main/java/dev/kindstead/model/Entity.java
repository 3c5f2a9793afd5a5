package dev.kindstead.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A key with named properties, in the order they came.
 *
 * @param key null only for an entity used as a value
 */
public record Entity(@Nullable Key key, Map<String, Value> properties) {
  public Entity {
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }
}
