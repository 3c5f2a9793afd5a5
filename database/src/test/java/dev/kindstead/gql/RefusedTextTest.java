package dev.kindstead.gql;

import static dev.kindstead.gql.Texts.gql;
import static dev.kindstead.gql.Texts.integer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.datastore.v1.GqlQuery;
import dev.kindstead.model.DatastoreException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the text: a query, or INVALID_ARGUMENT that says where and why. */
final class RefusedTextTest {
  private static final List<String> PIECES =
      List.of(
          "SELECT",
          "*",
          "DISTINCT",
          "ON",
          "(",
          ")",
          ",",
          "FROM",
          "T",
          "WHERE",
          "a",
          "=",
          "!=",
          "<",
          ">=",
          "1",
          "-",
          "+",
          "1.5e3",
          "'x'",
          "\"y\"",
          "`z`",
          "@1",
          "@n",
          "AND",
          "OR",
          "NOT",
          "IN",
          "IS",
          "NULL",
          "HAS",
          "ANCESTOR",
          "ARRAY(",
          "KEY(",
          "BLOB('!')",
          "DATETIME('x')",
          "ORDER BY",
          "DESC",
          "LIMIT",
          "FIRST(",
          "OFFSET",
          "COUNT(*)",
          "AGGREGATE",
          "OVER",
          "'",
          "\\",
          "\0",
          "😀",
          "99999999999999999999",
          "GROUP",
          "CONTAINS");

  private static void refused(GqlQuery sent, String message) {
    assertThatThrownBy(() -> Texts.parsed(sent))
        .isInstanceOf(DatastoreException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theMessageSaysWhereAndWhatWasExpected() {
    refused(gql(""), "line 1, column 1: found the end of the query, expected SELECT");
    refused(gql("SELECT *\nFROM T WERE a = 1"), "line 2, column 8: found \"WERE\"");
    refused(gql("SELECT * FROM order"), "write it in back quotes");
    refused(gql("SELECT * FROM T WHERE a = 'x"), "column 27: the closing ' is missing");
    refused(gql("SELECT * FROM T WHERE a IN (1, 2)"), "found \"(\", expected a value");
    refused(gql("SELECT * FROM T GROUP BY a"), "GROUP BY not supported.");
    refused(gql("SELECT * FROM T LIMIT -1"), "-1 is not between 0");
    refused(gql("SELECT * FROM T WHERE a = 9223372036854775808"), "is no 64-bit integer");
    refused(gql("SELECT * FROM T;"), "unexpected character SEMICOLON");
    refused(gql("SELECT COUNT(*) FROM T"), "RunAggregationQuery");
    refused(gql("AGGREGATE COUNT(*) OVER (SELECT * FROM T)"), "RunAggregationQuery");
    refused(gql("SELECT * WHERE __key__ = KEY(DATASET('d'), A, 1)"), "DATASET is not supported");
  }

  @Test
  void literalsMustBeAllowed() {
    GqlQuery forbidden =
        gql("SELECT * FROM T WHERE a = 3").toBuilder().clearAllowLiterals().build();
    refused(forbidden, "Disallowed literal: 3.");
    refused(forbidden.toBuilder().setQueryString("SELECT * LIMIT 4").build(), "literal: 4.");
  }

  @Test
  void bindingsMustFit() {
    refused(gql("SELECT * FROM T WHERE a = @y"), "Absent named binding: y.");
    refused(gql("SELECT * FROM T WHERE a = @1"), "Absent numbered binding: 1.");
    GqlQuery unused = gql("SELECT *").toBuilder().addPositionalBindings(integer(1)).build();
    refused(unused, "Unused numbered binding: 1.");
    GqlQuery named = gql("SELECT *").toBuilder().putNamedBindings("x", integer(1)).build();
    assertThat(Texts.parsed(named)).isEqualTo(Texts.parsed(gql("SELECT *")));
  }

  @Test
  void depthIsBounded() {
    refused(gql("SELECT * WHERE " + "(".repeat(100_000)), "levels of parentheses");
    refused(gql("SELECT * WHERE a IN " + "ARRAY(".repeat(40_000)), "levels of parentheses");
  }

  /** A token takes many times its bytes: what is too long is refused before there is one. */
  @Test
  void lengthIsBounded() {
    String longest = "SELECT * FROM T WHERE a = '" + "x".repeat(Gql.TEXT_CHARS_MAX - 28) + "'";
    assertThat(longest).hasSize(Gql.TEXT_CHARS_MAX);
    assertThat(Texts.parsed(gql(longest)).hasFilter()).isTrue();
    refused(gql(longest + " "), "A GQL query is longer than 262144 characters.");
    GqlQuery noQuery = gql("1,".repeat(Gql.TEXT_CHARS_MAX));
    refused(noQuery, "A GQL query is longer than 262144 characters.");
    assertThatThrownBy(() -> Texts.parsedAggregation(noQuery))
        .hasMessageContaining("A GQL query is longer than 262144 characters.");
  }

  @Test
  void noiseIsAQueryOrRefused() {
    for (long seed = 0; seed < 20_000; seed++) {
      Random random = new Random(seed);
      var text = new StringBuilder(random.nextBoolean() ? "SELECT * FROM T WHERE a = 1 " : "");
      for (int i = random.nextInt(12); i >= 0; i--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
        text.append(random.nextInt(4) == 0 ? "" : " ");
      }
      GqlQuery sent = gql(text.toString()).toBuilder().addPositionalBindings(integer(1)).build();
      try {
        Texts.parsed(sent);
        Texts.parsedAggregation(sent);
      } catch (DatastoreException refused) {
        continue;
      } catch (RuntimeException other) {
        throw new AssertionError("seed " + seed + ": " + text, other);
      }
    }
  }
}
