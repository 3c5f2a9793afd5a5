package dev.kindstead.gql;

import dev.kindstead.model.DatastoreException;
import java.util.ArrayList;
import java.util.List;

/** Cuts a query's text into tokens. Made for one use. */
final class Lexer {
  private static final List<String> SYMBOLS =
      List.of("<=", ">=", "!=", "=", "<", ">", "(", ")", ",", "*", "+", "-");

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  /** All tokens, the last one {@link Token.Kind#END}. */
  static List<Token> tokens(String text) {
    return new Lexer(text).run();
  }

  /** INVALID_ARGUMENT with the line and column of {@code at}, both from one. */
  static DatastoreException error(String text, int at, String problem) {
    String before = text.substring(0, at);
    long line = 1 + before.chars().filter(each -> each == '\n').count();
    int column = at - before.lastIndexOf('\n');
    return DatastoreException.invalidArgument(
        "GQL query, line %d, column %d: %s".formatted(line, column, problem));
  }

  private List<Token> run() {
    while (true) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      if (at == text.length()) {
        tokens.add(new Token(Token.Kind.END, "", at));
        return tokens;
      }
      tokens.add(next());
    }
  }

  private Token next() {
    char first = text.charAt(at);
    if (isNameStart(first)) {
      return word();
    }
    if (isDigit(first)
        || (first == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
      return number();
    }
    return switch (first) {
      case '\'', '"' -> string(Token.Kind.STRING, first);
      case '`' -> string(Token.Kind.QUOTED_NAME, first);
      case '@' -> binding();
      default -> symbol();
    };
  }

  /** Dots join the parts of a nested property's name. */
  private Token word() {
    int start = at;
    while (at < text.length() && (isNamePart(text.charAt(at)) || isInnerDot())) {
      at++;
    }
    return new Token(Token.Kind.WORD, text.substring(start, at), start);
  }

  private boolean isInnerDot() {
    return text.charAt(at) == '.' && at + 1 < text.length() && isNameStart(text.charAt(at + 1));
  }

  private Token number() {
    int start = at;
    digits();
    boolean whole = true;
    if (at < text.length() && text.charAt(at) == '.') {
      whole = false;
      at++;
      digits();
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      whole = false;
      at++;
      if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      int exponent = at;
      digits();
      if (at == exponent) {
        throw error(text, at, "the exponent has no digits");
      }
    }
    if (at < text.length() && isNamePart(text.charAt(at))) {
      throw error(text, at, "a name can't begin within a number");
    }
    return new Token(
        whole ? Token.Kind.INTEGER : Token.Kind.DOUBLE, text.substring(start, at), start);
  }

  private void digits() {
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
  }

  /** The quote itself stands twice within, or behind a backslash. */
  private Token string(Token.Kind kind, char quote) {
    int start = at++;
    var value = new StringBuilder();
    while (at < text.length()) {
      char each = text.charAt(at++);
      if (each == quote) {
        if (at == text.length() || text.charAt(at) != quote) {
          return new Token(kind, value.toString(), start);
        }
        at++;
        value.append(quote);
      } else if (each == '\\') {
        value.append(escaped());
      } else {
        value.append(each);
      }
    }
    throw error(text, start, "the closing " + quote + " is missing");
  }

  private String escaped() {
    if (at == text.length()) {
      throw error(text, at, "the query ends within an escape");
    }
    char each = text.charAt(at++);
    return switch (each) {
      case '0' -> "\0";
      case 'b' -> "\b";
      case 'n' -> "\n";
      case 'r' -> "\r";
      case 't' -> "\t";
      case 'Z' -> "\u001A";
      case '\\', '\'', '"', '`' -> String.valueOf(each);
      // As in the original, which has this from a language with patterns.
      case '%', '_' -> "\\" + each;
      default -> throw error(text, at - 1, "\\" + each + " is no escape");
    };
  }

  private Token binding() {
    int start = at++;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    if (at == start + 1) {
      throw error(text, start, "a binding's name or number must follow @");
    }
    return new Token(Token.Kind.BINDING, text.substring(start + 1, at), start);
  }

  private Token symbol() {
    for (String symbol : SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        at += symbol.length();
        return new Token(Token.Kind.SYMBOL, symbol, at - symbol.length());
      }
    }
    throw error(text, at, "unexpected character " + Character.getName(text.codePointAt(at)));
  }

  private static boolean isDigit(char each) {
    return each >= '0' && each <= '9';
  }

  private static boolean isNameStart(char each) {
    return Character.isLetter(each) || each == '_' || each == '$' || Character.isSurrogate(each);
  }

  private static boolean isNamePart(char each) {
    return isNameStart(each) || Character.isDigit(each);
  }
}
