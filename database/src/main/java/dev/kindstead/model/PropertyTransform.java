package dev.kindstead.model;

import java.util.List;

/** A change to one property that the server computes from the stored value at commit time. */
public record PropertyTransform(PropertyPath property, Action action) {

  /** What to do; numeric operands are integers or doubles. */
  public sealed interface Action {}

  /** Sets the time of the request, in whole milliseconds, one value for a whole commit. */
  public record SetToRequestTime() implements Action {}

  public record Increment(Value operand) implements Action {}

  public record Maximum(Value operand) implements Action {}

  public record Minimum(Value operand) implements Action {}

  public record AppendMissingElements(List<Value> elements) implements Action {}

  public record RemoveAllFromArray(List<Value> elements) implements Action {}
}
