package dev.kindstead.gql;

import static dev.kindstead.gql.Texts.cursor;
import static dev.kindstead.gql.Texts.gql;
import static dev.kindstead.gql.Texts.integer;
import static dev.kindstead.gql.Texts.query;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.AggregationQuery;
import com.google.datastore.v1.GqlQuery;
import org.junit.jupiter.api.Test;

/** Each form of the grammar means exactly one structured query. */
final class QueryMisreadTest {
  private static void means(String text, String json) {
    assertThat(Texts.parsed(gql(text))).as(text).isEqualTo(query(json));
  }

  private static String where(String filter) {
    return "{'kind':[{'name':'T'}],'filter':" + filter + "}";
  }

  private static String compared(String property, String operator, String value) {
    return "{'propertyFilter':{'property':{'name':'%s'},'op':'%s','value':%s}}"
        .formatted(property, operator, value);
  }

  private static void condition(String condition, String filter) {
    means("SELECT * FROM T WHERE " + condition, where(filter));
  }

  @Test
  void whatIsSelected() {
    means("select * from Task", "{'kind':[{'name':'Task'}]}");
    means("SELECT *", "{}");
    means(
        "SELECT __key__ FROM `My Kind`",
        "{'kind':[{'name':'My Kind'}],'projection':[{'property':{'name':'__key__'}}]}");
    means(
        "SELECT a, b.c FROM T",
        "{'kind':[{'name':'T'}],"
            + "'projection':[{'property':{'name':'a'}},{'property':{'name':'b.c'}}]}");
    means(
        "SELECT DISTINCT a FROM T",
        "{'kind':[{'name':'T'}],'projection':[{'property':{'name':'a'}}],"
            + "'distinctOn':[{'name':'a'}]}");
    means(
        "SELECT DISTINCT ON (a, b) * FROM T",
        "{'kind':[{'name':'T'}],'distinctOn':[{'name':'a'},{'name':'b'}]}");
    means(
        "SELECT DISTINCT ON (a) a, c FROM T",
        "{'kind':[{'name':'T'}],'distinctOn':[{'name':'a'}],"
            + "'projection':[{'property':{'name':'a'}},{'property':{'name':'c'}}]}");
  }

  @Test
  void orderLimitAndOffset() {
    means(
        "SELECT * FROM T ORDER BY a, b DESC, c ASC LIMIT 5 OFFSET 3",
        "{'kind':[{'name':'T'}],'order':[{'property':{'name':'a'},'direction':'ASCENDING'},"
            + "{'property':{'name':'b'},'direction':'DESCENDING'},"
            + "{'property':{'name':'c'},'direction':'ASCENDING'}],'limit':5,'offset':3}");
    means("SELECT * FROM T LIMIT 0", "{'kind':[{'name':'T'}],'limit':0}");
  }

  @Test
  void valuesOfEveryType() {
    condition("a = 1", compared("a", "EQUAL", "{'integerValue':'1'}"));
    condition("a = -1", compared("a", "EQUAL", "{'integerValue':'-1'}"));
    condition(
        "a = -9223372036854775808",
        compared("a", "EQUAL", "{'integerValue':'-9223372036854775808'}"));
    condition("a = +1.5e3", compared("a", "EQUAL", "{'doubleValue':1500}"));
    condition("a = .5", compared("a", "EQUAL", "{'doubleValue':0.5}"));
    condition("a = 'it''s'", compared("a", "EQUAL", "{'stringValue':'it\\u0027s'}"));
    condition("a = \"x\\n\"", compared("a", "EQUAL", "{'stringValue':'x\\n'}"));
    condition("a = '5\\% \\_'", compared("a", "EQUAL", "{'stringValue':'5\\\\% \\\\_'}"));
    condition("a = TRUE", compared("a", "EQUAL", "{'booleanValue':true}"));
    condition("a = NULL", compared("a", "EQUAL", "{'nullValue':null}"));
    condition("a IS NULL", compared("a", "EQUAL", "{'nullValue':null}"));
    condition("a = BLOB('_-8')", compared("a", "EQUAL", "{'blobValue':'/+8='}"));
    condition(
        "a > DATETIME('2013-09-29T09:30:20.00002-08:00')",
        compared("a", "GREATER_THAN", "{'timestampValue':'2013-09-29T17:30:20.000020Z'}"));
    condition(
        "__key__ HAS ANCESTOR KEY(PROJECT('p'), NAMESPACE('n'), A, 'x', `B`, -5)",
        compared(
            "__key__",
            "HAS_ANCESTOR",
            "{'keyValue':{'partitionId':{'projectId':'p','namespaceId':'n'},"
                + "'path':[{'kind':'A','name':'x'},{'kind':'B','id':'-5'}]}}"));
  }

  @Test
  void operatorsEitherWayRound() {
    condition("a != 1", compared("a", "NOT_EQUAL", "{'integerValue':'1'}"));
    condition("1 < a", compared("a", "GREATER_THAN", "{'integerValue':'1'}"));
    condition("1 >= a", compared("a", "LESS_THAN_OR_EQUAL", "{'integerValue':'1'}"));
    condition("a CONTAINS 1", compared("a", "EQUAL", "{'integerValue':'1'}"));
    condition("1 IN a", compared("a", "EQUAL", "{'integerValue':'1'}"));
    String two = "{'arrayValue':{'values':[{'integerValue':'1'},{'integerValue':'2'}]}}";
    condition("a IN ARRAY(1, 2)", compared("a", "IN", two));
    condition("a NOT IN ARRAY(1, 2)", compared("a", "NOT_IN", two));
    condition(
        "KEY(A, 1) HAS DESCENDANT __key__",
        compared("__key__", "HAS_ANCESTOR", "{'keyValue':{'path':[{'kind':'A','id':'1'}]}}"));
  }

  @Test
  void andBindsTighterThanOr() {
    String a = compared("a", "EQUAL", "{'integerValue':'1'}");
    String b = compared("b", "EQUAL", "{'integerValue':'2'}");
    String c = compared("c", "EQUAL", "{'integerValue':'3'}");
    String and = "{'compositeFilter':{'op':'AND','filters':[%s,%s]}}";
    String or = "{'compositeFilter':{'op':'OR','filters':[%s,%s]}}";
    condition("a = 1 OR b = 2 AND c = 3", or.formatted(a, and.formatted(b, c)));
    condition("(a = 1 OR b = 2) AND c = 3", and.formatted(or.formatted(a, b), c));
  }

  @Test
  void functionsNamesAreNamesWithoutParentheses() {
    condition("key = 1", compared("key", "EQUAL", "{'integerValue':'1'}"));
    condition("count > 1", compared("count", "GREATER_THAN", "{'integerValue':'1'}"));
    condition("`order` = 1", compared("order", "EQUAL", "{'integerValue':'1'}"));
  }

  @Test
  void bindingsByNameAndNumber() {
    var sent =
        GqlQuery.newBuilder()
            .setQueryString(
                "SELECT * FROM T WHERE a = @v AND b IN @1 LIMIT FIRST(@2, @end) OFFSET @start + 4")
            .setAllowLiterals(true)
            .putNamedBindings("v", integer(7))
            .putNamedBindings("end", cursor("e"))
            .putNamedBindings("start", cursor("s"))
            .addPositionalBindings(integer(8))
            .addPositionalBindings(integer(9))
            .build();
    assertThat(Texts.parsed(sent))
        .isEqualTo(
            query(
                "{'kind':[{'name':'T'}],'filter':{'compositeFilter':{'op':'AND','filters':["
                    + compared("a", "EQUAL", "{'integerValue':'7'}")
                    + ","
                    + compared("b", "IN", "{'arrayValue':{'values':[{'integerValue':'8'}]}}")
                    + "]}},'limit':9,'endCursor':'ZQ==','startCursor':'cw==','offset':4}"));
  }

  @Test
  void aggregationsInBothForms() {
    AggregationQuery selected =
        Texts.parsedAggregation(
            gql("SELECT COUNT(*) AS n, SUM(a), AVG(b) AS m FROM T WHERE a > 1"));
    assertThat(selected.getNestedQuery())
        .isEqualTo(query(where(compared("a", "GREATER_THAN", "{'integerValue':'1'}"))));
    assertThat(selected.getAggregationsList())
        .extracting(each -> each.getOperatorCase() + ":" + each.getAlias())
        .containsExactly("COUNT:n", "SUM:", "AVG:m");
    AggregationQuery over =
        Texts.parsedAggregation(gql("AGGREGATE COUNT_UP_TO(5) OVER (SELECT * FROM T LIMIT 3)"));
    assertThat(over.getAggregations(0).getCount().getUpTo().getValue()).isEqualTo(5);
    assertThat(over.getNestedQuery()).isEqualTo(query("{'kind':[{'name':'T'}],'limit':3}"));
    AggregationQuery many =
        Texts.parsedAggregation(gql("SELECT COUNT_UP_TO(9223372036854775807) FROM T"));
    assertThat(many.getAggregations(0).getCount().getUpTo().getValue()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void namesMayBeQualifiedByTheKind() {
    means(
        "SELECT T.a, b FROM T",
        "{'kind':[{'name':'T'}],'projection':["
            + "{'property':{'name':'a'}},{'property':{'name':'b'}}]}");
    means(
        "SELECT DISTINCT ON (T.a) * FROM T ORDER BY T.a, T.b.c DESC",
        "{'kind':[{'name':'T'}],'distinctOn':[{'name':'a'}],'order':["
            + "{'property':{'name':'a'},'direction':'ASCENDING'},"
            + "{'property':{'name':'b.c'},'direction':'DESCENDING'}]}");
    condition("T.a = 1", compared("a", "EQUAL", "{'integerValue':'1'}"));
    condition("1 < T.a", compared("a", "GREATER_THAN", "{'integerValue':'1'}"));
    condition("1 IN T.a", compared("a", "EQUAL", "{'integerValue':'1'}"));
    condition(
        "KEY(T, 1) HAS DESCENDANT T.__key__",
        compared("__key__", "HAS_ANCESTOR", "{'keyValue':{'path':[{'kind':'T','id':'1'}]}}"));
    AggregationQuery sum =
        Texts.parsedAggregation(gql("AGGREGATE SUM(T.a) OVER (SELECT * FROM T)"));
    assertThat(sum.getAggregations(0).getSum().getProperty().getName()).isEqualTo("a");
  }

  @Test
  void onlyOnceAndOnlyByTheKind() {
    condition("T.T.a = 1", compared("T.a", "EQUAL", "{'integerValue':'1'}"));
    condition("T = 1", compared("T", "EQUAL", "{'integerValue':'1'}"));
    condition("t.a = 1", compared("t.a", "EQUAL", "{'integerValue':'1'}"));
    condition("Ta.b = 1", compared("Ta.b", "EQUAL", "{'integerValue':'1'}"));
    condition("`T.a` = 1", compared("T.a", "EQUAL", "{'integerValue':'1'}"));
    means(
        "SELECT * WHERE T.a = 1",
        "{'filter':" + compared("T.a", "EQUAL", "{'integerValue':'1'}") + "}");
  }
}
