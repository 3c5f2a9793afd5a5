package dev.kindstead.query;

import dev.kindstead.vector.Measure;
import org.jspecify.annotations.Nullable;

/**
 * The last stage of a query: of all its results, those whose vectors are nearest.
 *
 * @param property that holds the vectors; results without one of the same dimension are passed over
 * @param vector what they are compared with
 * @param limit how many to answer, from 1
 * @param distanceProperty under which each result tells its distance; null for none
 * @param threshold the farthest to answer; null for no bound
 */
public record Nearest(
    String property,
    double[] vector,
    Measure measure,
    int limit,
    @Nullable String distanceProperty,
    @Nullable Double threshold) {
  public static final int LIMIT_MAX = 100;
  public static final int DIMENSIONS_MAX = 2_048;
}
