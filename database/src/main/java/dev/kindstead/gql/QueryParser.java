package dev.kindstead.gql;

import com.google.datastore.v1.KindExpression;
import com.google.datastore.v1.Projection;
import com.google.datastore.v1.PropertyOrder;
import com.google.datastore.v1.PropertyOrder.Direction;
import com.google.datastore.v1.PropertyReference;
import com.google.datastore.v1.Query;
import com.google.protobuf.Int32Value;
import java.util.ArrayList;
import java.util.List;

/** SELECT ... FROM ... WHERE ... ORDER BY ... LIMIT ... OFFSET ... */
final class QueryParser {
  private final Words words;
  private final ValueParser values;

  QueryParser(Words words, ValueParser values) {
    this.words = words;
    this.values = values;
  }

  Query query() {
    words.expect("SELECT");
    var query = Query.newBuilder();
    selection(query);
    source(query);
    order(query);
    limit(query);
    offset(query);
    return query.build();
  }

  private void selection(Query.Builder query) {
    if (words.takes("DISTINCT")) {
      if (words.takes("ON")) {
        words.expectSymbol("(");
        names().forEach(name -> query.addDistinctOn(reference(name)));
        words.expectSymbol(")");
      } else {
        for (String name : names()) {
          query.addDistinctOn(reference(name));
          query.addProjection(Projection.newBuilder().setProperty(reference(name)));
        }
        return;
      }
    }
    if (!words.takesSymbol("*")) {
      for (String name : names()) {
        query.addProjection(Projection.newBuilder().setProperty(reference(name)));
      }
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    do {
      names.add(words.property("a property"));
    } while (words.takesSymbol(","));
    return names;
  }

  /** FROM and WHERE, which aggregations have too. */
  void source(Query.Builder query) {
    if (words.takes("FROM")) {
      query.addKind(KindExpression.newBuilder().setName(words.name("a kind")));
    }
    if (words.takes("WHERE")) {
      query.setFilter(new ConditionParser(words, values).condition());
    }
  }

  private void order(Query.Builder query) {
    if (!words.takes("ORDER")) {
      return;
    }
    words.expect("BY");
    do {
      String property = words.property("a property");
      boolean descending = words.takes("DESC");
      if (!descending) {
        words.takes("ASC");
      }
      query.addOrder(
          PropertyOrder.newBuilder()
              .setProperty(reference(property))
              .setDirection(descending ? Direction.DESCENDING : Direction.ASCENDING));
    } while (words.takesSymbol(","));
  }

  private void limit(Query.Builder query) {
    if (!words.takes("LIMIT")) {
      return;
    }
    if (words.isCall("FIRST")) {
      words.take();
      words.expectSymbol("(");
      limitPart(query);
      words.expectSymbol(",");
      limitPart(query);
      words.expectSymbol(")");
    } else {
      limitPart(query);
    }
  }

  private void limitPart(Query.Builder query) {
    if (values.isCursor()) {
      query.setEndCursor(values.cursor());
    } else {
      query.setLimit(Int32Value.of(values.count()));
    }
  }

  /** A number of results, or a cursor and then, perhaps, a number of results. */
  private void offset(Query.Builder query) {
    if (!words.takes("OFFSET")) {
      return;
    }
    if (values.isCursor()) {
      query.setStartCursor(values.cursor());
      if (words.takesSymbol("+")) {
        query.setOffset(values.count());
      }
    } else {
      query.setOffset(values.count());
    }
  }

  static PropertyReference reference(String name) {
    return PropertyReference.newBuilder().setName(name).build();
  }
}
