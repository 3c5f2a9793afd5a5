package dev.kindstead.directory;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The fields of a JSON object; what is missing or of another type counts as empty. */
record Fields(Map<String, Object> values) {

  boolean has(String name) {
    return values.containsKey(name);
  }

  String text(String name) {
    return values.get(name) instanceof String text ? text : "";
  }

  long number(String name) {
    return values.get(name) instanceof Number number ? number.longValue() : 0;
  }

  boolean isTrue(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  Optional<Instant> instant(String name) {
    try {
      return has(name) ? Optional.of(Instant.parse(text(name))) : Optional.empty();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  List<String> texts(String name) {
    return list(name).filter(String.class::isInstance).map(String.class::cast).toList();
  }

  /** The texts of an object, by their names. */
  Map<String, String> textsByName(String name) {
    Map<String, String> texts = new TreeMap<>();
    if (values.get(name) instanceof Map<?, ?> object) {
      object.forEach((key, value) -> {
        if (key instanceof String known && value instanceof String text) {
          texts.put(known, text);
        }
      });
    }
    return texts;
  }

  Stream<Fields> objects(String name) {
    return list(name).filter(Map.class::isInstance).map(Fields::of);
  }

  @SuppressWarnings("unchecked") // the keys of JSON objects are texts
  private static Fields of(Object map) {
    return new Fields((Map<String, Object>) map);
  }

  private Stream<?> list(String name) {
    return values.get(name) instanceof List<?> list ? list.stream() : Stream.of();
  }
}
