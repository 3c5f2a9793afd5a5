package dev.kindstead.query;

import dev.kindstead.model.Value;
import dev.kindstead.model.Value.Content;
import dev.kindstead.model.Value.DoubleValue;
import dev.kindstead.model.Value.IntegerValue;
import dev.kindstead.model.Value.NullValue;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** One aggregation while results come in. Confined to one thread. */
sealed interface Tally {
  static Tally of(Aggregation aggregation) {
    return switch (aggregation) {
      case Aggregation.Count(String alias, Long upTo) ->
          new Counted(alias, upTo == null ? Long.MAX_VALUE : upTo);
      case Aggregation.Sum(String alias, String property) -> new Summed(alias, property, false);
      case Aggregation.Average(String alias, String property) -> new Summed(alias, property, true);
    };
  }

  String alias();

  /** Whose value to add; null for none. */
  @Nullable String property();

  /** Whether a further result can change the result. */
  boolean isWanting();

  /**
   * Adds a result.
   *
   * @param value as indexed, null for none
   */
  void add(byte @Nullable [] value);

  Content result();

  /** COUNT. */
  final class Counted implements Tally {
    private final String alias;
    private final long upTo;
    private long count;

    private Counted(String alias, long upTo) {
      this.alias = alias;
      this.upTo = upTo;
    }

    @Override
    public String alias() {
      return alias;
    }

    @Override
    public @Nullable String property() {
      return null;
    }

    @Override
    public boolean isWanting() {
      return count < upTo;
    }

    @Override
    public void add(byte @Nullable [] value) {
      if (count < upTo) {
        count++;
      }
    }

    @Override
    public Content result() {
      return new IntegerValue(count);
    }
  }

  /** SUM and AVG: what is no number is passed over, NaN poisons. */
  final class Summed implements Tally {
    private final String alias;
    private final String property;
    private final boolean average;
    private long count;
    private long integers;

    /** What {@code integers} could not hold with the next number: the sum itself may fit again. */
    private BigInteger carried = BigInteger.ZERO;

    private double doubles;
    private boolean allIntegers = true;

    private Summed(String alias, String property, boolean average) {
      this.alias = alias;
      this.property = property;
      this.average = average;
    }

    @Override
    public String alias() {
      return alias;
    }

    @Override
    public String property() {
      return property;
    }

    @Override
    public boolean isWanting() {
      return true;
    }

    @Override
    public void add(byte @Nullable [] value) {
      if (value == null) {
        return;
      }
      switch (IndexedNumber.of(value)) {
        case IntegerValue(long number) -> {
          count++;
          addInteger(number);
        }
        case DoubleValue(double number) -> {
          count++;
          allIntegers = false;
          doubles += number;
        }
        case Value.Content _ -> {}
      }
    }

    private void addInteger(long number) {
      long sum = integers + number;
      if (((integers ^ sum) & (number ^ sum)) < 0) {
        carried = carried.add(BigInteger.valueOf(integers));
        integers = number;
      } else {
        integers = sum;
      }
    }

    @Override
    public Content result() {
      BigInteger whole = carried.add(BigInteger.valueOf(integers));
      if (average) {
        return count == 0
            ? NullValue.NULL
            : new DoubleValue((whole.doubleValue() + doubles) / count);
      }
      return allIntegers && whole.bitLength() < Long.SIZE
          ? new IntegerValue(whole.longValue())
          : new DoubleValue(whole.doubleValue() + doubles);
    }
  }
}
