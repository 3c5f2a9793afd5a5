package dev.kindstead.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a node tells, as JSON: trees of maps, lists, texts, numbers and truth values. What is not
 * known is left out, so there is no null. Pure.
 */
public final class Json {
  private Json() {}

  /** Text with one value a line, for tools and eyes. */
  public static String write(Object tree) {
    var text = new StringBuilder();
    write(tree, "\n", text);
    return text.append('\n').toString();
  }

  private static void write(Object tree, String line, StringBuilder text) {
    switch (tree) {
      case Map<?, ?> map -> {
        List<Runnable> parts = new ArrayList<>();
        map.forEach((name, value) ->
            parts.add(() -> {
              text.append(quoted(String.valueOf(name))).append(": ");
              write(value, line + "  ", text);
            }));
        enclose('{', parts, '}', line, text);
      }
      case List<?> list -> {
        List<Runnable> parts = new ArrayList<>();
        list.forEach(each -> parts.add(() -> write(each, line + "  ", text)));
        enclose('[', parts, ']', line, text);
      }
      case String string -> text.append(quoted(string));
      default -> text.append(tree);
    }
  }

  private static void enclose(
      char open, List<Runnable> parts, char close, String line, StringBuilder text) {
    text.append(open);
    for (int i = 0; i < parts.size(); i++) {
      text.append(i == 0 ? "" : ",").append(line).append("  ");
      parts.get(i).run();
    }
    text.append(parts.isEmpty() ? "" : line).append(close);
  }

  /** A text as JSON. */
  public static String quoted(String string) {
    var text = new StringBuilder("\"");
    for (int i = 0; i < string.length(); i++) {
      char each = string.charAt(i);
      if (each == '"' || each == '\\') {
        text.append('\\').append(each);
      } else if (each < ' ') {
        text.append("\\u%04x".formatted((int) each));
      } else {
        text.append(each);
      }
    }
    return text.append('"').toString();
  }

  /**
   * Reads an object. Numbers are {@link Double}s.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Map<String, Object> read(String text) {
    var object = Struct.newBuilder();
    try {
      JsonFormat.parser().merge(text, object);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a JSON object: " + e.getMessage(), e);
    }
    return map(object.build());
  }

  private static Map<String, Object> map(Struct object) {
    Map<String, Object> map = new LinkedHashMap<>();
    object
        .getFieldsMap()
        .forEach((name, value) -> {
          if (!value.hasNullValue()) {
            map.put(name, tree(value));
          }
        });
    return map;
  }

  private static Object tree(Value value) {
    return switch (value.getKindCase()) {
      case NUMBER_VALUE -> value.getNumberValue();
      case BOOL_VALUE -> value.getBoolValue();
      case STRUCT_VALUE -> map(value.getStructValue());
      case LIST_VALUE -> value.getListValue().getValuesList().stream().map(Json::tree).toList();
      case STRING_VALUE, NULL_VALUE, KIND_NOT_SET -> value.getStringValue();
    };
  }
}
