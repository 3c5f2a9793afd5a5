package dev.kindstead.encoding;

import java.util.Arrays;
import java.util.List;

/**
 * What an index entry holds behind the prefix that a scan fixes: values, then the path of the
 * entity. Taken apart and put together in <i>components</i>, the plain encodings of the values and
 * of the path, whatever the index makes of them. Immutable. Layout: docs/formats/index-entries.md.
 *
 * @param descending for each value, whether its bytes are inverted
 * @param pathDescending the same for the path
 * @param composite whether the entry is one of a composite index, where a byte ends the path
 */
public record EntrySuffix(List<Boolean> descending, boolean pathDescending, boolean composite) {
  /** Of a row, of a kind's entry, or of a built-in entry behind its value: the path alone. */
  public static final EntrySuffix PATH = new EntrySuffix(List.of(), false, false);

  /** Of a built-in property's entry: the value, then the path. */
  public static final EntrySuffix VALUE_AND_PATH = new EntrySuffix(List.of(false), false, false);

  public EntrySuffix {
    descending = List.copyOf(descending);
  }

  /** How many components there are: the values and the path. */
  public int size() {
    return descending.size() + 1;
  }

  /** Whether the component's bytes are inverted, so that greater values come first. */
  public boolean isDescending(int component) {
    return component < descending.size() ? descending.get(component) : pathDescending;
  }

  /** The components of what follows {@code offset} in an entry or row key. */
  public byte[][] split(byte[] entry, int offset) {
    byte[][] components = new byte[size()][];
    int at = offset;
    for (int i = 0; i < descending.size(); i++) {
      int begin = at;
      if (descending.get(i)) {
        byte[] rest = inverted(entry, at, entry.length);
        int length = lengthOfValue(rest, 0);
        components[i] = Arrays.copyOf(rest, length);
        at += length;
      } else {
        at += lengthOfValue(entry, at);
        components[i] = Arrays.copyOfRange(entry, begin, at);
      }
    }
    components[descending.size()] = path(entry, at);
    return components;
  }

  private byte[] path(byte[] entry, int at) {
    if (!composite) {
      return Arrays.copyOfRange(entry, at, entry.length);
    }
    byte end = pathDescending ? (byte) ~OrderedWriter.END : OrderedWriter.END;
    if (entry.length <= at || entry[entry.length - 1] != end) {
      throw new CorruptBytesException("an entry of a composite index whose path does not end");
    }
    return pathDescending
        ? inverted(entry, at, entry.length - 1)
        : Arrays.copyOfRange(entry, at, entry.length - 1);
  }

  private static int lengthOfValue(byte[] bytes, int at) {
    OrderedReader reader = new OrderedReader(bytes, at);
    ValueEncoding.skip(reader);
    return reader.position() - at;
  }

  /**
   * The first bytes of an entry: a prefix, then these components.
   *
   * @param components all of them, or only the first ones
   */
  public byte[] join(byte[] prefix, byte[][] components) {
    int length = prefix.length;
    for (byte[] component : components) {
      length += component.length;
    }
    boolean ended = composite && components.length == size();
    byte[] joined = Arrays.copyOf(prefix, ended ? length + 1 : length);
    int at = prefix.length;
    for (int i = 0; i < components.length; i++) {
      byte[] component = components[i];
      System.arraycopy(component, 0, joined, at, component.length);
      int begin = at;
      at += component.length;
      if (i == descending.size() && ended) {
        joined[at++] = OrderedWriter.END;
      }
      if (isDescending(i)) {
        invert(joined, begin, at);
      }
    }
    return joined;
  }

  /** All bits flipped, which turns the order of what is not a prefix of the other around. */
  public static byte[] inverted(byte[] bytes) {
    return inverted(bytes, 0, bytes.length);
  }

  private static byte[] inverted(byte[] bytes, int from, int until) {
    byte[] copy = Arrays.copyOfRange(bytes, from, until);
    invert(copy, 0, copy.length);
    return copy;
  }

  private static void invert(byte[] bytes, int from, int until) {
    for (int i = from; i < until; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
  }
}
