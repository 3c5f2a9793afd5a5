package dev.kindstead.gql;

import dev.kindstead.gql.Token.Kind;
import dev.kindstead.model.DatastoreException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A query's tokens, walked from the first to the last. Confined to one thread. */
final class Words {
  /** Parentheses within parentheses; the parser descends with them. */
  private static final int DEPTH_MAX = 100;

  /** What a name must be quoted to be, for it would end or continue the clause before it. */
  private static final Set<String> RESERVED =
      Set.of(
          "SELECT",
          "DISTINCT",
          "FROM",
          "WHERE",
          "ORDER",
          "BY",
          "ASC",
          "DESC",
          "LIMIT",
          "OFFSET",
          "AND",
          "OR",
          "NOT",
          "IN",
          "IS",
          "NULL",
          "TRUE",
          "FALSE",
          "HAS",
          "CONTAINS",
          "GROUP",
          "AGGREGATE",
          "OVER",
          "AS");

  private final String text;
  private final List<Token> tokens;
  private final @Nullable String qualifier;
  private int at;
  private int depth;

  Words(String text) {
    this.text = text;
    this.tokens = Lexer.tokens(text);
    this.qualifier = qualifier(tokens);
  }

  /** The kind and a dot; null where there is no kind. Names before FROM may be qualified too. */
  private static @Nullable String qualifier(List<Token> tokens) {
    for (int i = 0; i < tokens.size() - 1; i++) {
      if (tokens.get(i).isWord("FROM")) {
        return tokens.get(i + 1).text() + ".";
      }
    }
    return null;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token take() {
    Token token = tokens.get(at);
    if (token.kind() != Kind.END) {
      at++;
    }
    return token;
  }

  /** Takes the keyword if it is next. */
  boolean takes(String keyword) {
    boolean is = peek().isWord(keyword);
    at += is ? 1 : 0;
    return is;
  }

  boolean takesSymbol(String symbol) {
    boolean is = peek().isSymbol(symbol);
    at += is ? 1 : 0;
    return is;
  }

  void expect(String keyword) {
    if (!takes(keyword)) {
      throw unexpected(keyword);
    }
  }

  void expectSymbol(String symbol) {
    if (!takesSymbol(symbol)) {
      throw unexpected("\"" + symbol + "\"");
    }
  }

  /** Whether a word is next that a parenthesis makes a function: {@code KEY(}. */
  boolean isCall(String function) {
    return isCall(function, 0);
  }

  /** The same behind {@code ahead} others, none of which is the end. */
  boolean isCall(String function, int ahead) {
    return tokens.get(at + ahead).isWord(function) && tokens.get(at + ahead + 1).isSymbol("(");
  }

  /** Whether {@code words} are next, one behind the other. */
  boolean isAhead(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (at + i >= tokens.size() || !tokens.get(at + i).isWord(words[i])) {
        return false;
      }
    }
    return true;
  }

  boolean isName() {
    Token next = peek();
    return next.kind() == Kind.QUOTED_NAME
        || (next.kind() == Kind.WORD && !RESERVED.contains(next.upperCase()));
  }

  String name(String what) {
    if (!isName()) {
      Token next = peek();
      throw unexpected(
          next.kind() == Kind.WORD
              ? what + "; if " + next + " is one, write it in back quotes"
              : what);
    }
    return take().text();
  }

  /** A property's name, without the kind that it may be qualified by once. */
  String property(String what) {
    boolean isQuoted = peek().kind() == Kind.QUOTED_NAME;
    String name = name(what);
    return !isQuoted && qualifier != null && name.startsWith(qualifier)
        ? name.substring(qualifier.length())
        : name;
  }

  void down() {
    if (++depth > DEPTH_MAX) {
      throw error(peek(), "more than " + DEPTH_MAX + " levels of parentheses");
    }
  }

  void up() {
    depth--;
  }

  void end() {
    if (peek().isWord("GROUP")) {
      throw error(peek(), "GROUP BY not supported.");
    }
    if (peek().kind() != Kind.END) {
      throw unexpected("the end of the query");
    }
  }

  DatastoreException unexpected(String expected) {
    return error(peek(), "found " + peek() + ", expected " + expected);
  }

  DatastoreException error(Token token, String problem) {
    return Lexer.error(text, token.start(), problem);
  }
}
