package dev.kindstead.model;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The kinds that tell about the stored data: {@code __Stat_Total__} and those beside it. Their
 * entities are stored like any other, but clients do not write them, and neither queries without a
 * kind nor metadata queries meet them.
 *
 * @see <a href="https://cloud.google.com/datastore/docs/concepts/stats">Datastore statistics</a>
 */
public final class StatisticsKinds {
  /** What each of these names begins with, and no other that is stored. */
  public static final String PREFIX = "__Stat_";

  private static final byte[] PREFIX_BYTES = PREFIX.getBytes(StandardCharsets.US_ASCII);

  private StatisticsKinds() {}

  public static boolean contains(@Nullable String kind) {
    return kind != null && kind.startsWith(PREFIX);
  }

  /** {@link #PREFIX} as an encoded name begins. */
  public static byte[] prefixBytes() {
    return PREFIX_BYTES.clone();
  }
}
