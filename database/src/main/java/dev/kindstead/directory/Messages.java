package dev.kindstead.directory;

import dev.kindstead.environment.Waiting;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Text of "name: value" lines: what nodes tell each other, and what a node keeps of itself. */
final class Messages {
  private Messages() {}

  /** What the message is: the first line of each. */
  static final String MESSAGE = "message";

  /** Why a call between nodes has no answer. */
  static String reason(Throwable failure) {
    Throwable root = Waiting.causeOf(failure);
    String text = root.getMessage();
    return text == null || text.isEmpty() ? root.toString() : text;
  }

  static byte[] encode(Map<String, String> values) {
    var text = new StringBuilder();
    values.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  static Map<String, String> decode(byte[] message) {
    return values(new String(message, StandardCharsets.UTF_8));
  }

  static Map<String, String> values(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    text.lines()
        .filter(line -> line.contains(": "))
        .forEach(line -> values.put(line.split(": ", 2)[0], line.split(": ", 2)[1]));
    return values;
  }

  static List<String> list(String text) {
    return Stream.of(text.split(",")).filter(each -> !each.isEmpty()).toList();
  }
}
