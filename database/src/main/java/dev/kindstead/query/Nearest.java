package dev.kindstead.query;

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

  /** How far two vectors are from each other; of a product, the greater the nearer. */
  public enum Measure {
    EUCLIDEAN {
      @Override
      double of(double[] one, double[] other) {
        double even = 0;
        double odd = 0;
        int i = 0;
        for (; i + 1 < one.length; i += 2) {
          double first = one[i] - other[i];
          double second = one[i + 1] - other[i + 1];
          even += first * first;
          odd += second * second;
        }
        double rest = i < one.length ? one[i] - other[i] : 0;
        return Math.sqrt(even + odd + rest * rest);
      }
    },
    COSINE {
      @Override
      double of(double[] one, double[] other) {
        return 1 - product(one, other) / Math.sqrt(product(one, one) * product(other, other));
      }
    },
    DOT_PRODUCT {
      @Override
      double of(double[] one, double[] other) {
        return product(one, other);
      }
    };

    /** NaN when there is none, as of a vector without length. */
    abstract double of(double[] one, double[] other);

    /** Less for the nearer one. */
    int compare(double one, double other) {
      return this == DOT_PRODUCT ? Double.compare(other, one) : Double.compare(one, other);
    }

    /** Two sums side by side, so that additions need not wait for each other. */
    private static double product(double[] one, double[] other) {
      double even = 0;
      double odd = 0;
      int i = 0;
      for (; i + 1 < one.length; i += 2) {
        even += one[i] * other[i];
        odd += one[i + 1] * other[i + 1];
      }
      return even + odd + (i < one.length ? one[i] * other[i] : 0);
    }
  }
}
