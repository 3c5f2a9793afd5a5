package dev.kindstead.encoding;

import dev.kindstead.model.Bytes;
import dev.kindstead.model.Entity;
import dev.kindstead.model.Key;
import dev.kindstead.model.PartitionId;
import dev.kindstead.model.PathElement;
import dev.kindstead.model.Value;
import dev.kindstead.model.Value.ArrayValue;
import dev.kindstead.model.Value.BlobValue;
import dev.kindstead.model.Value.BooleanValue;
import dev.kindstead.model.Value.Content;
import dev.kindstead.model.Value.DoubleValue;
import dev.kindstead.model.Value.EntityValue;
import dev.kindstead.model.Value.GeoPointValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.model.Value.KeyValue;
import dev.kindstead.model.Value.NullValue;
import dev.kindstead.model.Value.StringValue;
import dev.kindstead.model.Value.TimestampValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Keys, values and entities with all the corners, from a seed. */
public final class RandomEntities {
  private static final String[] STRINGS = {
    "",
    "\0",
    "\1",
    "\0\0",
    "\0\1",
    "\1\0",
    "\2",
    "a",
    "a\0",
    "a\0b",
    "a\1",
    "a\2",
    "ab",
    "b",
    "B",
    "é",
    "ÿ",
    "€",
    "\uD7FF",
    "\uE000",
    "\uFFFD",
    "\uFFFF",
    "😀",
    "😀\0",
    "\uD800\uDC00",
    "z"
  };
  private static final long[] LONGS = {
    Long.MIN_VALUE, -1L << 53, -256, -2, -1, 0, 1, 2, 10, 255, 256, 1L << 53, Long.MAX_VALUE
  };
  private static final double[] DOUBLES = {
    Double.NEGATIVE_INFINITY,
    -Double.MAX_VALUE,
    -1,
    -Double.MIN_VALUE,
    -0.0,
    0.0,
    Double.MIN_VALUE,
    1,
    1.5,
    Double.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NaN
  };

  private final SplittableRandom random;

  public RandomEntities(long seed) {
    random = new SplittableRandom(seed);
  }

  public SplittableRandom random() {
    return random;
  }

  public Key key() {
    PartitionId partition =
        new PartitionId(pick("p", "p1", "q"), pick("", "d"), pick("", "n", "n\0"));
    List<PathElement> path = new ArrayList<>();
    do {
      path.add(element());
    } while (random.nextInt(3) != 0);
    return new Key(partition, path);
  }

  private PathElement element() {
    String kind = pick("K", "KK", "L", "K\0", "\0", "\1", "é", "\uFFFF", "😀");
    if (random.nextBoolean()) {
      long id = aLong();
      return PathElement.ofId(kind, id == 0 ? 7 : id);
    }
    String name = string();
    return PathElement.ofName(kind, name.isEmpty() ? "name" : name);
  }

  /** A value that has an index entry. */
  public Content indexable() {
    return switch (random.nextInt(9)) {
      case 0 -> NullValue.NULL;
      case 1 -> new IntegerValue(aLong());
      case 2 -> new TimestampValue(aLong());
      case 3 -> new BooleanValue(random.nextBoolean());
      case 4 -> new StringValue(string());
      case 5 -> new BlobValue(blob());
      case 6 -> new DoubleValue(aDouble());
      case 7 -> new GeoPointValue(random.nextInt(-2, 3) * 45, random.nextInt(-2, 3) * 90.5);
      default -> new KeyValue(key());
    };
  }

  public Entity entity() {
    return entity(key(), 3);
  }

  private Entity entity(@Nullable Key key, int depth) {
    Map<String, Value> properties = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      properties.put(pick("a", "b", "c", "a.b", "é", "x\0", "😀"), value(depth, true));
    }
    return new Entity(key, properties);
  }

  private Value value(int depth, boolean arrays) {
    int choice = random.nextInt(depth > 0 ? 10 : 6);
    Content content;
    if (choice >= 8 && arrays) {
      List<Value> values = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        values.add(value(depth - 1, false));
      }
      content = new ArrayValue(values);
    } else if (choice >= 6) {
      content =
          new EntityValue(
              entity(
                  switch (random.nextInt(3)) {
                    case 0 -> null;
                    case 1 -> key();
                    default -> new Key(key().partition(), List.of(PathElement.incomplete("I")));
                  },
                  depth - 1));
    } else {
      content = indexable();
    }
    int meaning = random.nextInt(4) == 0 ? random.nextInt(-3, 40) : 0;
    return new Value(content, meaning, random.nextInt(4) == 0);
  }

  private String string() {
    String first = STRINGS[random.nextInt(STRINGS.length)];
    return random.nextBoolean() ? first : first + STRINGS[random.nextInt(STRINGS.length)];
  }

  private Bytes blob() {
    byte[] bytes = new byte[random.nextInt(4)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) random.nextInt(random.nextBoolean() ? 4 : 256);
    }
    return Bytes.of(bytes);
  }

  private long aLong() {
    return random.nextInt(4) == 0 ? random.nextLong() : LONGS[random.nextInt(LONGS.length)];
  }

  private double aDouble() {
    return random.nextInt(4) == 0
        ? Double.longBitsToDouble(random.nextLong())
        : DOUBLES[random.nextInt(DOUBLES.length)];
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
