package dev.kindstead.query;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a result stands in a query's {@link Ordering}: the encoded value of each order, last the
 * path of its key. No two results of a query share a position. Immutable.
 */
record Position(byte[][] components) {
  byte[] path() {
    return components[components.length - 1];
  }

  byte[] component(int index) {
    return components[index];
  }

  /** What it holds in memory, in bytes. */
  int size() {
    int size = 0;
    for (byte[] component : components) {
      size += component.length;
    }
    return size;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Position that && Arrays.deepEquals(components, that.components);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(components);
  }

  @Override
  public String toString() {
    return Stream.of(components)
        .map(HexFormat.of()::formatHex)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  static Position of(List<byte[]> components) {
    return new Position(components.toArray(new byte[0][]));
  }
}
