package dev.kindstead.encoding;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * The hash slots of entity groups. Every entity group has one of {@value #COUNT} slots, by the
 * named hash "XXH3-64 of the canonical entity group key, modulo 16384"; golden vectors stand in
 * docs/formats/slots.md and never change.
 */
public final class Slots {
  public static final int COUNT = 16_384;

  private static final Hasher64 XXH3_64 = Hashing.xxh3_64();

  private Slots() {}

  /**
   * The slot of an entity group.
   *
   * @param entityGroupKey as {@link KeyEncoding#entityGroupKey} makes it
   */
  public static int slotOf(byte[] entityGroupKey) {
    return (int) (XXH3_64.hashBytesToLong(entityGroupKey) & (COUNT - 1));
  }
}
