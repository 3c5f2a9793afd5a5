package dev.kindstead.gql;

import java.util.Locale;

/**
 * A piece of the text.
 *
 * @param text what it means: names and strings without their quotes
 * @param start where it begins in the query, from zero
 */
record Token(Kind kind, String text, int start) {
  enum Kind {
    /** A name or a keyword; which one, the place decides. */
    WORD,
    /** A name in back quotes, never a keyword. */
    QUOTED_NAME,
    STRING,
    INTEGER,
    DOUBLE,
    BINDING,
    SYMBOL,
    END
  }

  boolean isWord(String keyword) {
    return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** As an error message shows it. */
  @Override
  public String toString() {
    return switch (kind) {
      case END -> "the end of the query";
      case STRING -> "string '" + text + "'";
      case BINDING -> "@" + text;
      case QUOTED_NAME -> "`" + text + "`";
      case WORD, INTEGER, DOUBLE, SYMBOL -> "\"" + text + "\"";
    };
  }

  String upperCase() {
    return text.toUpperCase(Locale.ROOT);
  }
}
