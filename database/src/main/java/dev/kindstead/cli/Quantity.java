package dev.kindstead.cli;

import dev.kindstead.replication.NodePlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what users write for amounts. An amount that makes no sense is an IllegalArgument. */
final class Quantity {
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,15})\\s*([a-zA-Z]*)");

  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");

  private static final Map<String, Long> BYTE_UNITS =
      Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30, "tib", 1L << 40);

  private static final Map<String, Duration> TIME_UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  private Quantity() {}

  /** {@code 64MiB}, {@code 1GiB}, or bytes without a unit. */
  static long bytes(String text) {
    Matcher amount = AMOUNT.matcher(text.strip());
    if (amount.matches()) {
      Long unit = BYTE_UNITS.get(amount.group(2).toLowerCase(Locale.ROOT));
      if (unit != null) {
        return Math.multiplyExact(Long.parseLong(amount.group(1)), unit);
      }
    }
    throw new IllegalArgumentException("no amount of bytes like 64MiB: " + text);
  }

  /** {@code 250ms}, {@code 60s}, {@code 10m}, {@code 1h}, {@code 7d}. */
  static Duration duration(String text) {
    Matcher amount = AMOUNT.matcher(text.strip());
    if (amount.matches()) {
      Duration unit = TIME_UNITS.get(amount.group(2));
      if (unit != null) {
        return unit.multipliedBy(Long.parseLong(amount.group(1)));
      }
    }
    throw new IllegalArgumentException("no duration like 60s or 10m: " + text);
  }

  static int count(String text) {
    try {
      int number = Integer.parseInt(text.strip());
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException("no number above zero: " + text);
  }

  /** Of a node beside others. */
  static int weight(String text) {
    int weight = count(text);
    if (weight > NodePlace.WEIGHT_MAX) {
      throw new IllegalArgumentException(
          "no number from 1 to %d: %s".formatted(NodePlace.WEIGHT_MAX, text));
    }
    return weight;
  }

  /** {@code none} is the largest number there is. */
  static int countOrNone(String text) {
    return text.strip().equals("none") ? Integer.MAX_VALUE : count(text);
  }

  static Path path(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("no path, but an empty text");
    }
    return Path.of(text);
  }

  /** Of a zone or a region. */
  static String name(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException(
          "no name of 1 to 40 letters a-z, digits and hyphens: " + text);
    }
    return text;
  }

  static boolean yesOrNo(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "1" -> true;
      case "false", "no", "off", "0" -> false;
      default -> throw new IllegalArgumentException("neither true nor false: " + text);
    };
  }

  static String choice(String text, List<String> choices) {
    if (choices.contains(text)) {
      return text;
    }
    throw new IllegalArgumentException("none of " + String.join(", ", choices) + ": " + text);
  }
}
