package dev.kindstead.vector;

/** How far two vectors are from each other; of a product, the greater the nearer. */
public enum Measure {
  EUCLIDEAN {
    @Override
    public double of(double[] one, double[] other) {
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
    public double of(double[] one, double[] other) {
      return 1 - product(one, other) / Math.sqrt(product(one, one) * product(other, other));
    }
  },
  DOT_PRODUCT {
    @Override
    public double of(double[] one, double[] other) {
      return product(one, other);
    }
  };

  /** NaN when there is none, as of a vector without length. */
  public abstract double of(double[] one, double[] other);

  /** Less for the nearer one. */
  public int compare(double one, double other) {
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
