package dev.kindstead.query;

import dev.kindstead.model.Value;
import java.util.List;

/** A condition on an entity. */
public sealed interface Filter {
  /** All of them, at least one. */
  record And(List<Filter> filters) implements Filter {
    public And {
      filters = List.copyOf(filters);
    }
  }

  /** Any of them, at least one. */
  record Or(List<Filter> filters) implements Filter {
    public Or {
      filters = List.copyOf(filters);
    }
  }

  /**
   * A property compared with a value; for IN and NOT_IN an array value, for HAS_ANCESTOR a key
   * value and the property {@code __key__}.
   */
  record Comparison(String property, Operator operator, Value.Content value) implements Filter {}

  /** The API's operators. */
  enum Operator {
    LESS_THAN,
    LESS_THAN_OR_EQUAL,
    GREATER_THAN,
    GREATER_THAN_OR_EQUAL,
    EQUAL,
    NOT_EQUAL,
    IN,
    NOT_IN,
    HAS_ANCESTOR
  }
}
