package dev.kindstead.transaction;

import dev.kindstead.model.Value;
import dev.kindstead.model.Value.Content;
import dev.kindstead.model.Value.DoubleValue;
import dev.kindstead.model.Value.IntegerValue;

/** Arithmetic and equality across integers and doubles as property transforms define them. */
final class Numbers {
  private static final double TWO_TO_THE_63 = 0x1p63;

  private Numbers() {}

  /** Integers saturate; with a double on either side, IEEE 754. */
  static Value sum(Value current, Value operand) {
    if (!isNumber(current)) {
      return operand;
    }
    Content sum =
        current.content() instanceof IntegerValue left
                && operand.content() instanceof IntegerValue right
            ? new IntegerValue(saturatedSum(left.value(), right.value()))
            : new DoubleValue(asDouble(current.content()) + asDouble(operand.content()));
    return new Value(sum, current.meaning(), current.excludeFromIndexes());
  }

  /** The larger with its type; the current one when they are equal; NaN when either is. */
  static Value maximum(Value current, Value operand) {
    return prevails(current, operand, 1) ? keepingMarks(current, operand) : stays(current, operand);
  }

  /** The smaller with its type; the current one when they are equal; NaN when either is. */
  static Value minimum(Value current, Value operand) {
    return prevails(current, operand, -1)
        ? keepingMarks(current, operand)
        : stays(current, operand);
  }

  private static boolean prevails(Value current, Value operand, int direction) {
    if (!isNumber(current) || isNaN(current.content())) {
      return false;
    }
    return isNaN(operand.content())
        || compare(operand.content(), current.content()) * direction > 0;
  }

  private static Value stays(Value current, Value operand) {
    return isNumber(current) ? current : operand;
  }

  private static Value keepingMarks(Value current, Value operand) {
    return new Value(operand.content(), current.meaning(), current.excludeFromIndexes());
  }

  /**
   * Contents that transforms take for equal become equal: 3 and 3.0, all zeros, all NaNs. A double
   * that an integer can express becomes that integer.
   */
  static Content normalized(Content content) {
    if (content instanceof DoubleValue number) {
      double value = number.value();
      if (value == Math.rint(value) && value >= -TWO_TO_THE_63 && value < TWO_TO_THE_63) {
        return new IntegerValue((long) value);
      }
    }
    return content;
  }

  private static int compare(Content left, Content right) {
    return switch (left) {
      case IntegerValue integer when right instanceof IntegerValue other ->
          Long.compare(integer.value(), other.value());
      case IntegerValue integer -> compare(integer.value(), asDouble(right));
      default ->
          right instanceof IntegerValue other
              ? -compare(other.value(), asDouble(left))
              : compare(asDouble(left), asDouble(right));
    };
  }

  /** Exact, where converting the integer would round. */
  private static int compare(long left, double right) {
    if (right >= TWO_TO_THE_63) {
      return -1;
    }
    if (right < -TWO_TO_THE_63) {
      return 1;
    }
    long floor = (long) Math.floor(right);
    boolean hasFraction = right > floor;
    return left == floor && hasFraction ? -1 : Long.compare(left, floor);
  }

  private static int compare(double left, double right) {
    return left == right ? 0 : left < right ? -1 : 1;
  }

  private static long saturatedSum(long left, long right) {
    long sum = left + right;
    boolean overflows = ((left ^ sum) & (right ^ sum)) < 0;
    return overflows ? (left < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
  }

  private static boolean isNumber(Value value) {
    return value.content() instanceof IntegerValue || value.content() instanceof DoubleValue;
  }

  private static boolean isNaN(Content content) {
    return content instanceof DoubleValue number && Double.isNaN(number.value());
  }

  private static double asDouble(Content number) {
    return number instanceof IntegerValue integer
        ? (double) integer.value()
        : ((DoubleValue) number).value();
  }
}
